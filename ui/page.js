// Everything that moves on the page. HTML comes only from the functions of page.py, which escape what documents and
// people wrote; everything else is set as text.
document.body.append(document.getElementById("vouch-page").content.cloneNode(true));
const page = document.querySelector(".vouch");
const words = JSON.parse(page.dataset.words);
const find = (selector, within = page) => within.querySelector(selector);
const show = (name) => find(`[data-show="${name}"]`);
const composer = find(".composer");
const box = composer.elements.question;
const thread = find(".thread");
const panel = find(".panel");
const pop = find(".pop");
const remembered = {
  get: (key) => { try { return localStorage.getItem(`vouch-${key}`); } catch { return null; } },
  set: (key, value) => { try { value ? localStorage.setItem(`vouch-${key}`, value) : localStorage.removeItem(`vouch-${key}`); } catch { /* private window */ } },
};
const now = { conversation: null, asking: null, editing: null, ready: false, cited: [], at: -1, opener: null, files: false };
const smooth = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const browser = remembered.get("browser") || Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
remembered.set("browser", browser);

// While the server is still opening, it sends this page and nothing else, and asks to be asked again.
async function opened() {
  for (;;) {
    const given = await fetch(".", { method: "HEAD" }).catch(() => null);
    if (!given?.headers.has("retry-after")) return;
    await wait(300);
  }
}
const opening = opened();

async function call(name, payload = {}, signal = undefined) {
  try {
    await opening;
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ data: [{ browser, ...payload }] });
    const given = await fetch(`gradio_api/run/${name}`, { method: "POST", headers, body, signal });
    return given.ok ? (await given.json()).data[0] : { error: words.unreachable };
  } catch {
    return { error: words.unreachable };
  }
}

async function upload(file) {
  const body = new FormData();
  body.append("files", file, file.name);
  const given = await fetch("gradio_api/upload", { method: "POST", body });
  if (!given.ok) throw new Error(given.statusText);
  return (await given.json())[0];
}

const dark = matchMedia("(prefers-color-scheme: dark)");
function paint() {
  const asked = new URLSearchParams(location.search).get("__theme") || remembered.get("theme");
  document.documentElement.classList.toggle("vouch-dark", asked ? asked === "dark" : dark.matches);
}
paint();
dark.addEventListener("change", paint);

function toast(text) {
  const shown = find(".toast");
  shown.textContent = text;
  shown.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { shown.hidden = true; }, 4000);
}

function wrong(text) {
  show("wrong").textContent = text || "";
  show("wrong").hidden = !text;
}

// --- opening ---------------------------------------------------------------------------------------------------

async function open() {
  box.focus({ preventScroll: true });
  const kept = remembered.get("conversation");
  await Promise.all([talks(), kept && load(kept)]);
  for (;;) {
    const state = await call("status");
    tell(state);
    if (state.ready) break;
    await wait(state.error || state.failure ? 4000 : 700);
  }
  await library();
  await begin();
}

function tell(state) {
  const line = show("state");
  now.ready = Boolean(state.ready);
  line.dataset.state = state.error || state.failure ? "wrong" : state.ready ? "ready" : "loading";
  show("loading").textContent = state.error || state.failure || words.loading;
  show("loading").hidden = now.ready;
  if (state.private) { show("private").textContent = state.private; show("private").className = "warning"; }
  find("span", line).textContent = state.error || state.failure || (state.ready ? words.ready : words.loading);
}

async function library() {
  const shelf = await call("shelf", { matching: find('[data-find="shelf"]').value });
  if (shelf.error) return toast(shelf.error);
  show("shelf").innerHTML = shelf.html;
  show("count").textContent = shelf.count;
  const chosen = composer.elements.source.value;
  show("options").innerHTML = shelf.options;
  show("sides").innerHTML = shelf.sides;
  composer.elements.source.value = chosen;
  if (composer.elements.source.selectedIndex < 0) composer.elements.source.value = "";
  limits();
  for (const note of page.querySelectorAll('[data-show="sample"]')) note.hidden = !shelf.sample;
}

// Questions to begin with are tried out first, so they come a little later; their places are kept for them.
async function begin() {
  const given = await call("begin");
  show("examples").innerHTML = given.html || "";
  find(".try").hidden = !given.html;
}

async function suggest(turn) {
  suggest.ended?.abort(); // a browser keeps few requests open at a time
  suggest.ended = new AbortController();
  const about = turn && { turn: Number(turn.dataset.turn), conversation: now.conversation };
  const given = turn && await call("suggest", about, suggest.ended.signal);
  if (!given?.html || turn !== show("turns").lastElementChild) return; // asked on meanwhile
  const next = find(".next", turn);
  next.innerHTML = given.html;
  next.hidden = false;
}

async function talks() {
  const listed = await call("history", { matching: find('[data-find="talks"]').value, current: now.conversation });
  if (!listed.error) show("talks").innerHTML = listed.html;
}

async function load(conversation) {
  const kept = await call("conversation", { conversation });
  if (kept.error) return fresh();
  now.conversation = conversation;
  remembered.set("conversation", conversation);
  show("turns").innerHTML = kept.html;
  page.classList.toggle("begun", Boolean(kept.html));
  view("talk");
  close();
  const last = show("turns").lastElementChild;
  if (last) last.scrollIntoView({ block: "start" });
  suggest(last);
  await talks();
}

function fresh() {
  now.conversation = null;
  editing(null);
  turnTo({ mode: "answer" });
  remembered.set("conversation", null);
  show("turns").replaceChildren();
  page.classList.remove("begun");
  view("talk");
  close();
  talks();
  box.focus();
}

function view(name) {
  page.dataset.view = name;
  thread.hidden = composer.hidden = name !== "talk";
  find(".library").hidden = name !== "library";
  page.classList.remove("side-open");
  if (name === "library") { close(); find(".library h1").focus?.(); }
}

// --- asking ----------------------------------------------------------------------------------------------------

const within = () => Object.fromEntries(["as_of", "published_from", "source"].map((name) => [name, composer.elements[name].value.trim()]));
const sides = () => ["first", "second"].map((name) => composer.elements[name]);
const mode = () => composer.elements.mode.value;
const settings = () => ({ ...within(), mode: mode(), ...Object.fromEntries(sides().map((field) => [field.name, field.value.trim()])) });

// An answer, a brief or a comparison is asked for; of the latter, its sides stand where the limits of the others do.
function turnTo(how) {
  composer.elements.mode.value = page.dataset.mode = how.mode;
  const said = words[how.mode];
  box.placeholder = said.placeholder;
  box.setAttribute("aria-label", said.label);
  find(".send:not(.stop)").textContent = said.send;
  for (const field of sides()) {
    if (how[field.name] !== undefined) field.value = how[field.name];
    tellRead(field, {});
  }
  wrong("");
  limits();
}

function limits() {
  for (const button of composer.querySelectorAll("[data-clear]")) {
    const field = composer.elements[button.dataset.clear];
    button.hidden = !field.value;
    field.closest(".pill").classList.toggle("set", Boolean(field.value));
  }
  find(".limits-button").classList.toggle("set", Object.values(within()).some(Boolean));
}

const checked = () => [...composer.querySelectorAll("[data-check]")].filter((field) => (mode() === "compare") === sides().includes(field));

async function check(field) {
  const written = field.value.trim();
  const read = written ? await call("read_date", { text: written, field: field.name }) : {};
  if (field.value.trim() !== written) return false; // typed on
  tellRead(field, read);
  wrong(checked().map((one) => one.dataset.wrong).find(Boolean));
  return !read.error;
}

function tellRead(field, read) {
  field.setAttribute("aria-invalid", String(Boolean(read.error)));
  field.dataset.wrong = read.error || "";
  find("output", field.closest(".pill")).textContent = read.error || read.day === field.value.trim() ? "" : read.day || "";
}

function pending(question, how) {
  const article = document.createElement("article");
  article.className = "turn pending";
  const kind = Object.assign(document.createElement("p"), { className: "how", textContent: words[how.mode].name });
  const heading = document.createElement("h2");
  const isolated = document.createElement("bdi");
  isolated.textContent = question;
  heading.append(isolated);
  const header = document.createElement("header");
  header.className = "question";
  header.append(...(how.mode === "answer" ? [] : [kind]), heading);
  const body = document.createElement("div");
  body.className = "answer";
  const status = document.createElement("p");
  status.className = "hint";
  status.textContent = now.ready ? words.searching : words.loading;
  body.append(status, ...["wide", "", "less"].map((size) => Object.assign(document.createElement("div"), { className: `bone ${size}` })));
  article.append(header, body);
  return article;
}

async function ask(question, how = settings()) {
  if (!question.trim() || now.asking) return;
  wrong("");
  const token = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16)).join("");
  const last = show("turns").lastElementChild;
  const replaced = now.editing && last && last.dataset.turn === now.editing ? last : null;
  const article = pending(question, how);
  now.asking = { token, article, question };
  page.classList.add("begun", "asking");
  busy(true);
  box.value = "";
  grow();
  if (replaced) replaced.hidden = true;
  show("turns").append(article);
  article.scrollIntoView({ block: "start", behavior: smooth() });
  for (const old of page.querySelectorAll(".next:not([hidden])")) old.hidden = true;
  suggest.ended?.abort();
  hear(token, article);
  const given = await call("ask", {
    question, token, conversation: now.conversation || "", replaces: replaced ? Number(replaced.dataset.turn) : null, ...how,
  });
  if (now.asking?.token !== token) return; // stopped
  now.asking = null;
  busy(false);
  if (given.error) {
    article.remove();
    if (replaced) replaced.hidden = false;
    page.classList.toggle("begun", Boolean(show("turns").children.length));
    box.value = question;
    grow();
    wrong(given.error);
    box.focus();
    return;
  }
  editing(null);
  now.conversation = given.conversation;
  remembered.set("conversation", given.conversation);
  if (replaced) replaced.remove();
  const wrote = Boolean(find(".coming", article));
  article.outerHTML = given.html;
  const answered = show("turns").lastElementChild;
  if (!wrote) answered.classList.add("arrived");
  show("said").textContent = ([".short", ".written", ".sentence", ".facts"].map((part) => find(part, answered)).find(Boolean) || answered).textContent;
  if (!wrote) answered.scrollIntoView({ block: "start", behavior: smooth() });
  await talks();
  suggest(answered);
}

// A piece of text, its markers looking as they will.
function sentence(piece) {
  const shown = document.createElement("span");
  for (const [at, part] of piece.split(/\[(\d{1,3})\]/).entries()) {
    shown.append(at % 2 ? Object.assign(document.createElement("span"), { className: "mark", textContent: part }) : part);
  }
  return shown;
}

// An answer that a model writes comes sentence by sentence; one that is quoted is there at once, and not shown twice.
async function hear(token, article) {
  let heard = 0;
  while (now.asking?.token === token) {
    const given = await call("hear", { token, after: heard });
    if (given.error) return;
    heard += given.pieces.length;
    await wait(given.done ? 200 : 80); // not begun yet, or over: then the whole answer comes
    if (now.asking?.token !== token || !given.pieces.length) continue;
    const body = find(".answer", article);
    let coming = find(".coming", body);
    if (!coming) {
      coming = Object.assign(document.createElement("p"), { className: "coming", role: "status" });
      for (const bone of body.querySelectorAll(".bone")) bone.remove();
      body.prepend(coming);
      find(".hint", body).textContent = words.writing;
    }
    for (const piece of given.pieces) coming.append(sentence(piece));
  }
}

function busy(is) {
  find(".send:not(.stop)").hidden = is;
  find(".stop").hidden = !is;
  page.classList.toggle("asking", is);
}

function stop() {
  if (!now.asking) return;
  const { token, article, question } = now.asking;
  now.asking = null;
  call("stop", { token });
  article.remove();
  const hidden = show("turns").lastElementChild;
  if (hidden) hidden.hidden = false;
  suggest(hidden);
  page.classList.toggle("begun", Boolean(show("turns").children.length));
  busy(false);
  box.value = question;
  grow();
  box.focus();
  toast(words.stopped);
}

// The last question is asked anew in its place; an earlier one, on which others followed, at the end.
function editing(turn) {
  now.editing = turn && turn.dataset.turn;
  show("editing").hidden = !turn || turn !== show("turns").lastElementChild;
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
}

// --- sources ---------------------------------------------------------------------------------------------------

const place = (node) => ({ document: Number(node.dataset.document), start: Number(node.dataset.start), end: Number(node.dataset.end), words: node.dataset.words });

async function openSource(node) {
  const turn = node.closest(".turn");
  const cited = turn ? [...turn.querySelectorAll(".sources .cited")] : [];
  now.cited = node.dataset.number ? cited : [];
  now.at = now.cited.findIndex((one) => one.dataset.number === node.dataset.number);
  now.opener = node;
  pop.hidden = true;
  await source(place(node), cited);
}

async function step(by) {
  if (!now.cited.length) return;
  now.at = (now.at + by + now.cited.length) % now.cited.length;
  await source(place(now.cited[now.at]), now.cited);
}

async function source(at, cited) {
  const spans = cited.map(place).filter((one) => one.document === at.document).map((one) => [one.start, one.end]);
  panel.hidden = false;
  page.classList.add("reading");
  panel.classList.add("loading");
  const many = now.cited.length > 1;
  for (const name of ["previous", "next"]) find(`[data-do="${name}"]`, panel).hidden = !many;
  show("where").textContent = many ? words.of.replace("{number}", now.at + 1).replace("{count}", now.cited.length) : "";
  for (const marked of page.querySelectorAll(".mark.on, .cited.on, .point.on")) marked.classList.remove("on");
  if (now.cited.length) {
    const number = now.cited[now.at].dataset.number;
    for (const same of now.cited[now.at].closest(".turn").querySelectorAll(`[data-number="${number}"]`)) same.classList.add("on");
  }
  const given = await call("source", { ...at, spans });
  panel.classList.remove("loading");
  if (given.error) {
    const said = document.createElement("p");
    said.className = "gone";
    said.textContent = given.error;
    show("source").replaceChildren(said);
  } else {
    show("source").innerHTML = given.html;
    const mark = find("mark.current", show("source"));
    const text = find(".text", show("source"));
    if (mark) text.scrollTop = Math.max(0, mark.getBoundingClientRect().top - text.getBoundingClientRect().top - text.clientHeight / 3);
  }
  panel.focus({ preventScroll: true });
  now.opener?.scrollIntoView({ block: "nearest" }); // the conversation has become narrower
}

function close() {
  if (panel.hidden) return false;
  panel.hidden = true;
  page.classList.remove("reading");
  for (const marked of page.querySelectorAll(".mark.on, .cited.on, .point.on")) marked.classList.remove("on");
  if (now.opener?.isConnected) now.opener.focus({ preventScroll: true });
  now.opener = null;
  return true;
}

function hover(node) {
  const turn = node.closest(".turn");
  const cited = turn && find(`.sources .cited[data-number="${node.dataset.number}"]`, turn);
  if (!cited) return;
  const title = Object.assign(document.createElement("p"), { className: "title", textContent: find(".title", cited).textContent });
  const when = Object.assign(document.createElement("p"), { className: "when", textContent: find(".when", cited).textContent });
  const quote = Object.assign(document.createElement("p"), { className: "quote", textContent: find(".quote", cited).textContent });
  pop.replaceChildren(quote, title, when);
  pop.hidden = false;
  const at = node.getBoundingClientRect();
  const size = pop.getBoundingClientRect();
  const left = Math.min(Math.max(12, at.left + at.width / 2 - size.width / 2), innerWidth - size.width - 12);
  const above = at.top - size.height - 8;
  pop.style.left = `${left}px`;
  pop.style.top = `${above > 8 ? above : at.bottom + 8}px`;
}

// --- the library -----------------------------------------------------------------------------------------------

async function filesOf(entry, into) {
  if (entry.isFile) into.push(await new Promise((done, fail) => entry.file(done, fail)));
  if (entry.isDirectory) {
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!some.length) break;
      for (const one of some) await filesOf(one, into);
    }
  }
}

function doing(text, share) {
  const shown = show("progress");
  shown.hidden = text === null;
  find("p", shown).textContent = text || "";
  const bar = find("progress", shown);
  if (share === undefined) bar.removeAttribute("value");
  else bar.value = share;
}

async function add(chosen, urls = []) {
  const files = chosen.filter((file) => !file.name.startsWith(".")); // what systems leave in folders, unseen
  if (now.files || !(files.length || urls.length)) return;
  now.files = true;
  view("library");
  show("report").replaceChildren();
  const sent = [];
  const unsent = [];
  for (const [done, file] of files.entries()) {
    doing(words.uploading.replace("{name}", file.name), done / files.length);
    try {
      sent.push({ name: file.name, path: await upload(file) });
    } catch {
      unsent.push(file.name);
    }
  }
  await come(await call("add", { files: sent, urls, unsent }));
}

async function reindex(entry) {
  if (now.files) return;
  now.files = true;
  show("report").replaceChildren();
  await come(await call("reindex", { document: Number(entry.dataset.document) }));
}

// Tells how far what is being added has come, and what became of it.
async function come(state) {
  while (!state.error && !state.finished) {
    doing(state.text, state.share ?? undefined);
    await wait(300);
    state = await call("progress", { job: state.job });
  }
  doing(null);
  now.files = false;
  if (state.error) {
    const said = document.createElement("p");
    said.className = "wrong";
    said.textContent = state.error;
    show("report").replaceChildren(said);
  } else show("report").innerHTML = state.html;
  show("report").scrollIntoView({ block: "nearest", behavior: smooth() });
  await library();
  begin();
}

function confirmed(heading, note) {
  const dialog = find("dialog");
  find("h2", dialog).textContent = heading;
  find("p", dialog).textContent = note;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }));
}

async function remove(entry) {
  if (!(await confirmed(words.deleteAsk.replace("{title}", entry.dataset.title), words.deleteNote))) return;
  const done = await call("remove", { document: Number(entry.dataset.document) });
  toast(done.error || words.deleted);
  close();
  await library();
  begin();
}

function rename(conversation) {
  const row = find(`[data-rename="${conversation}"]`).closest("li");
  const name = find(".talk", row);
  const field = Object.assign(document.createElement("input"), { type: "text", maxLength: 200, value: find("span", name).textContent });
  field.setAttribute("aria-label", words.newName);
  name.hidden = true;
  row.prepend(field);
  field.select();
  let over = false;
  const end = async (keep) => {
    if (over) return;
    over = true;
    const done = keep ? await call("rename", { conversation, title: field.value.trim() }) : {};
    if (done.error) toast(done.error);
    await talks();
    find(`[data-conversation="${conversation}"]`)?.focus();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) end(true);
    if (event.key === "Escape") { event.stopPropagation(); end(false); }
  });
  field.addEventListener("blur", () => end(true));
}

async function forget(conversation) {
  if (!(await confirmed(words.forgetAsk, words.forgetNote))) return;
  const done = await call("forget", { conversation });
  if (done.error) return toast(done.error);
  if (conversation === now.conversation) fresh();
  else await talks();
}

// --- what can be done with an answer ---------------------------------------------------------------------------

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // not a secure context
    const held = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(held);
    held.select();
    document.execCommand("copy");
    held.remove();
  }
  toast(words.copied);
}

function save({ name, type, text }) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

async function keep(what, turn, button) {
  const given = await call(what, { turn: Number(turn.dataset.turn), conversation: now.conversation, kind: button.dataset.kind });
  button.closest("details").open = false;
  if (given.error) toast(given.error);
  else save(given);
}

async function rate(turn, vote) {
  const form = find("form.note", turn);
  const done = await call("rate", { turn: Number(turn.dataset.turn), vote, note: vote ? form.elements.note.value : "" });
  if (done.error) return toast(done.error);
  for (const [name, value] of [["up", 1], ["down", -1]]) find(`[data-act="${name}"]`, turn).setAttribute("aria-pressed", String(vote === value));
  form.hidden = !vote;
  return vote;
}

const howOf = ({ dataset }) => ({ mode: dataset.mode || "answer", first: dataset.first || "", second: dataset.second || "" });

const acts = {
  copy: async (turn) => { const given = await call("copy", { turn: Number(turn.dataset.turn), conversation: now.conversation }); given.error ? toast(given.error) : copy(given.text); },
  export: (turn, button) => keep("export", turn, button),
  export_all: (turn, button) => keep("export_all", turn, button),
  edit: (turn) => { editing(turn); turnTo(howOf(turn)); box.value = find(".question h2", turn).textContent; grow(); box.focus(); },
  free: (turn) => {
    for (const name of ["as_of", "published_from", "source"]) composer.elements[name].value = "";
    for (const field of composer.querySelectorAll("[data-check]")) check(field);
    limits();
    acts.retry(turn);
  },
  retry: (turn) => { now.editing = turn.dataset.turn; ask(find(".question h2", turn).textContent, { ...within(), ...howOf(turn) }); },
  up: (turn, button) => rate(turn, button.getAttribute("aria-pressed") === "true" ? 0 : 1),
  down: (turn, button) => rate(turn, button.getAttribute("aria-pressed") === "true" ? 0 : -1),
};

const does = {
  new: fresh,
  library: () => { view("library"); library(); },
  back: () => { view("talk"); box.focus(); },
  side: () => page.classList.toggle("side-open"),
  theme: () => { remembered.set("theme", document.documentElement.classList.contains("vouch-dark") ? "light" : "dark"); paint(); },
  scope: (button) => { const open = page.classList.toggle("scope-open"); button.setAttribute("aria-expanded", String(open)); },
  stop, close,
  previous: () => step(-1),
  next: () => step(1),
};

// --- events ----------------------------------------------------------------------------------------------------

page.addEventListener("click", (event) => {
  const target = event.target;
  for (const menu of page.querySelectorAll("details.menu[open]")) if (!menu.contains(target)) menu.open = false;
  const node = target.closest("button, .point");
  if (!node) { if (page.classList.contains("side-open") && !target.closest(".side")) page.classList.remove("side-open"); return; }
  const { dataset } = node;
  if (dataset.do) return void does[dataset.do](node);
  if (dataset.clear) { const field = composer.elements[dataset.clear]; field.value = ""; limits(); if (dataset.clear !== "source") check(field); return; }
  if (dataset.conversation) return void load(dataset.conversation);
  if (dataset.rename) return void rename(dataset.rename);
  if (dataset.forget) return void forget(dataset.forget);
  if (node.classList.contains("example")) { turnTo({ mode: "answer" }); return void ask(node.textContent); }
  if (dataset.act === "delete") return void remove(node.closest(".entry"));
  if (dataset.act === "reindex") return void reindex(node.closest(".entry"));
  if (dataset.act === "only") { composer.elements.source.value = node.closest(".entry").dataset.source; limits(); view("talk"); box.focus(); return; }
  if (dataset.act && acts[dataset.act]) return void acts[dataset.act](node.closest(".turn"), node);
  if (dataset.document) openSource(node);
});

page.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  event.preventDefault();
  if (form === composer) {
    if (!box.value.trim()) return void box.focus();
    const empty = mode() === "compare" && sides().find((field) => !field.value.trim());
    if (empty) { wrong(words.twoSides); return void empty.focus(); }
    const fine = await Promise.all(checked().filter((field) => field.value.trim()).map(check));
    if (fine.every(Boolean)) ask(box.value);
  } else if (form.classList.contains("url")) {
    const url = form.elements.url.value.trim();
    form.reset();
    if (url) add([], [url]);
  } else if (form.classList.contains("note")) {
    const turn = form.closest(".turn");
    const up = find('[data-act="up"]', turn).getAttribute("aria-pressed") === "true";
    if (await rate(turn, up ? 1 : -1)) toast(words.noted);
  }
});

page.addEventListener("keydown", (event) => {
  if (event.target === box && event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); composer.requestSubmit(); }
  const point = event.target.closest?.(".point");
  if (point && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); openSource(point); }
  if (panel.contains(event.target) && event.key === "ArrowRight" && event.altKey) step(1);
  if (panel.contains(event.target) && event.key === "ArrowLeft" && event.altKey) step(-1);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || find("dialog").open) return;
  if (!pop.hidden) { pop.hidden = true; }
  if (close()) return;
  if (page.classList.contains("side-open")) return void page.classList.remove("side-open");
  if (now.asking) return void stop();
  if (now.editing) { editing(null); box.value = ""; grow(); }
});

for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  page.addEventListener(on, (event) => { const node = event.target.closest?.(".mark, .point"); if (node) hover(node); });
  page.addEventListener(off, (event) => { if (event.target.closest?.(".mark, .point")) pop.hidden = true; });
}
page.addEventListener("scroll", () => { pop.hidden = true; }, true);

box.addEventListener("input", grow);
composer.addEventListener("change", (event) => { if (event.target.name === "mode") turnTo({ mode: mode() }); limits(); if (event.target.dataset.check) check(event.target); });
find('[data-find="shelf"]').addEventListener("input", () => { clearTimeout(library.timer); library.timer = setTimeout(library, 200); });
find('[data-find="talks"]').addEventListener("input", () => { clearTimeout(talks.timer); talks.timer = setTimeout(talks, 200); });
for (const chooser of page.querySelectorAll('input[type="file"]')) chooser.addEventListener("change", (event) => { add([...event.target.files]); event.target.value = ""; });

// Files and addresses can be pasted anywhere in the library.
page.addEventListener("paste", (event) => {
  if (page.dataset.view !== "library" || event.target.matches("input, textarea")) return;
  const files = [...event.clipboardData.files];
  const urls = event.clipboardData.getData("text/plain").split(/\s+/).filter((word) => /^https?:\/\/\S+$/.test(word));
  if (!files.length && !urls.length) return;
  event.preventDefault();
  toast(words.pasted);
  add(files, urls);
});

page.addEventListener("dragover", (event) => {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  if (page.dataset.view !== "library") view("library");
  find(".drop").classList.add("over");
});
page.addEventListener("dragleave", (event) => { if (!event.relatedTarget) find(".drop").classList.remove("over"); });
page.addEventListener("drop", async (event) => {
  event.preventDefault();
  find(".drop").classList.remove("over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = [];
  for (const entry of entries) await filesOf(entry, files);
  add(files.length ? files : [...event.dataTransfer.files]);
});

turnTo({ mode: mode() });
open();
