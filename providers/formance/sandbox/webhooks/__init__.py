"""The stack's webhooks service: who is told of what, and how such a message is signed."""
