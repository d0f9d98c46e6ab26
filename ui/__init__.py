"""The faces of Vouch on a network: the chat page, REST and MCP, over one desk."""

import os

# Nothing leaves the machine. Gradio and FastAPI look at these when they are imported, or make their apps: after this.
os.environ |= {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_MCP_SERVER": "False",
    "GRADIO_SSR_MODE": "False",
    "GRADIO_SHARE": "False",
    "FASTAPI_OTEL_AUTO_CONFIGURE": "false",
    "OTEL_SDK_DISABLED": "true",
}
