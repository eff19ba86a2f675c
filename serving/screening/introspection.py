"""Who may ask for the schema itself. `__typename`, which every client adds, tells nothing of it and stays allowed."""

from collections import OrderedDict
from weakref import ref

from graphql import DocumentNode, FieldNode, FragmentDefinitionNode, OperationDefinitionNode, SelectionSetNode

from resolvers.caller import Scope
from resolvers.context import RequestContext
from resolvers.screening import Refused
from serving.profile import Audience, Profile

_MOST_KNOWN = 500
META_FIELDS = frozenset({"__schema", "__type", "_service"})
"""What tells of the schema, to clients and to federation gateways."""
WHY = {
    Audience.OFF: "Introspection is off on this server.",
    Audience.SCOPE: f"Introspection needs the scope {Scope.SCHEMA_READ}.",
}


class Introspection:
    """The rule. It is asked before validation, so that a document which is refused costs no more than a walk."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._known: OrderedDict[int, tuple[ref[DocumentNode], bool]] = OrderedDict()

    def __call__(self, document: DocumentNode, context: RequestContext) -> None:
        """Refuse a document with introspection anywhere in it, in fragments and other operations, too."""
        if not self._profile.may_introspect(context.caller) and self._introspects(document):
            raise Refused("INTROSPECTION_FORBIDDEN", WHY[self._profile.introspection], status=403)

    def _introspects(self, document: DocumentNode) -> bool:
        known = self._known.get(id(document))
        if known is None or known[0]() is not document:
            known = self._known[id(document)] = ref(document), _introspects(document)
            if len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
        return known[1]


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
