"""`/mcp`: trusted documents as tools of the Model Context Protocol, for agents.

https://modelcontextprotocol.io, over streamable HTTP. What imports the protocol's library, which is large, is itself
imported only where this is turned on.
"""
