"""Who may ask for the schema itself. `__typename`, which every client adds, tells nothing of it and stays allowed."""

from graphql import DocumentNode, FieldNode, FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode

from resolvers.caller import Scope
from resolvers.context import RequestContext
from resolvers.screening import Refused
from serving.profile import Audience, Profile

META_FIELDS = frozenset({"__schema", "__type"})
WHY = {
    Audience.OFF: "Introspection is off on this server.",
    Audience.SCOPE: f"Introspection needs the scope {Scope.SCHEMA_READ}.",
}


class Introspection:
    """The rule. It is asked before validation, so that a document which is refused costs no more than a walk."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def __call__(self, document: DocumentNode, context: RequestContext) -> None:
        """Refuse a document with introspection anywhere in it, in fragments and other operations, too."""
        if not self._profile.may_introspect(context.caller) and _introspects(document):
            raise Refused("INTROSPECTION_FORBIDDEN", WHY[self._profile.introspection], status=403)


def _introspects(document: DocumentNode) -> bool:
    remaining: list[SelectionSetNode] = [
        definition.selection_set
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode)
    ]
    while remaining:
        for selection in remaining.pop().selections:
            if isinstance(selection, FieldNode) and selection.name.value in META_FIELDS:
                return True
            nested = getattr(selection, "selection_set", None)
            if nested is not None:
                remaining.append(nested)
    return False
