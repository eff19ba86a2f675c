"""What no caller reaches who is bound to customers, of the stack's services that know no customers."""

ROOTS = {
    "workflows": "id providerId",
    "workflowInstances": "id providerId",
    "triggers": "id providerId",
}
"""Root lists that are closed, and what tells their objects."""

WAYS = {
    *(f"Query__{root}" for root in ROOTS),
    *(
        f"{kind}Connection__{field}"
        for kind in ("Workflow", "WorkflowInstance", "Trigger")
        for field in ("edges", "nodes")
    ),
    *(f"{kind}Edge__node" for kind in ("Workflow", "WorkflowInstance", "Trigger", "TriggerOccurrence")),
    *("TriggerOccurrenceConnection__edges", "TriggerOccurrenceConnection__nodes", "TriggerOccurrence__instance"),
    *(
        "Workflow__instances",
        "Workflow__triggers",
        "WorkflowInstance__workflow",
        "WorkflowInstance__transferInitiations",
    ),
    *("Trigger__workflow", "Trigger__occurrences"),
    *("WorkflowTransaction__transaction", "WorkflowActivity__transactions", "WorkflowInstance__ledgerTransactions"),
    *("WorkflowInstance__stages", "WorkflowInstanceStage__history"),
}
"""Fields that give nodes, and that no way leads such a caller to."""

INPUTS: dict[str, dict[str, object]] = {
    "createWorkflow": {"name": "n", "stages": []},
    "deleteWorkflow": {"workflowId": "x"},
    "runWorkflow": {"workflowId": "x"},
    "sendWorkflowEvent": {"instanceId": "x", "event": "e"},
    "cancelWorkflowInstance": {"instanceId": "x"},
    "createTrigger": {"event": "e", "workflowId": "x"},
    "deleteTrigger": {"triggerId": "x"},
}
"""Mutations that are closed, and an input for each."""
