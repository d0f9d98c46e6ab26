"""The faces of Vouch on a network: the chat page, REST and MCP, over one desk."""
