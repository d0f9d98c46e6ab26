"""The faces of Vouch on a network: the chat page, REST and MCP, over one desk."""

import os

# Nothing leaves the machine. Gradio looks at these when it is imported, which the rooms here do after this.
os.environ |= {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_MCP_SERVER": "False",
    "GRADIO_SSR_MODE": "False",
    "GRADIO_SHARE": "False",
}
