"""The clients and users of the stack's auth module, and what it says of itself."""
