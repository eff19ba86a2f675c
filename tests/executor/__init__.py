"""The executor gives graphql-core's answers. `python -m tests.executor --operations 20000` compares them at length."""
