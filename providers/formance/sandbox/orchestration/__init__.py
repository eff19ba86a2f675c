"""The stack's orchestration service: workflows, their instances, and triggers."""
