"""Which operation of a document is meant: the one that is named, or the only one."""

from graphql import OperationDefinitionNode

from resolvers.screening import Asked, Refused


def chosen(asked: Asked) -> None:
    """Refuse to guess. (The GraphQL specification, 6.1, `GetOperation`.)"""
    operations = [each for each in asked.document.definitions if isinstance(each, OperationDefinitionNode)]
    if asked.operation_name is None and len(operations) > 1:
        raise Refused("BAD_USER_INPUT", "The document has several operations: `operationName` must say which to run.")
