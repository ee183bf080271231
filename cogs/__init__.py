"""The edge to Discord: cogs turn events and interactions into calls of services, and answers into messages."""
