from providers.domain import *
from providers.protocols.ledger import ReadsLedgers, FindsPayments
from providers.formance.translate.ledger import *
import pytest

@pytest.mark.parametrize("version", ["v1","v2.1","v2.4"])
async def test_try(new_rig, operation, version):
    rig = new_rig("v3", ledger=version)
    part = next(p for p in rig.provider.parts if isinstance(p, ReadsLedgers))
    print(part._books._generation.known)
    ledgers = await part.all_ledgers(operation)
    print(ledgers)
    print(await part.ledgers_by_ref([l.ref for l in ledgers][:1], operation))
    page = await part.list_ledger_accounts(ledgers[-1].ref, LedgerAccountFilter(), PageRequest("", 100), operation)
    print(len(page.items), page.items[:2])
    refs = [a.ref for a in page.items]
    n=len(rig.bench.calls)
    found = await part.ledger_accounts_by_ref(refs, operation)
    assert found.keys()==set(refs), (len(found), len(refs))
    print("accounts calls", len(rig.bench.calls)-n); n=len(rig.bench.calls)
    tx = await part.ledger_transactions_by_account(refs, 3, operation)
    print("tx calls", len(rig.bench.calls)-n, [len(p.items) for p in tx.values()]); n=len(rig.bench.calls)
    t = [x.ref for p in tx.values() for x in p.items]
    f = await part.ledger_transactions_by_ref(t, operation)
    assert f.keys()==set(t)
    print("tx by ref calls", len(rig.bench.calls)-n, list(f.values())[0]); n=len(rig.bench.calls)
    print(await part.ledger_server(operation))
    print(await part.ledger_statistics([ledgers[-1].ref], operation))
    print(await part.count_ledger_accounts(ledgers[-1].ref, LedgerAccountFilter(address="customers::wallet"), operation))
    print(await part.ledger_migrations([ledgers[-1].ref], operation))
    print(await part.ledger_mappings([ledgers[-1].ref], operation))
    print(await part.ledger_sums(ledgers[-1].ref, "customers::wallet", None, operation))
    print((await part.list_ledger_volumes(ledgers[-1].ref, LedgerVolumesFilter(address="fees"), PageRequest("", 3), operation)).items)
    print((await part.list_ledger_logs(ledgers[-1].ref, None, None, PageRequest("", 1), operation)).items)
    c = [a.customer_id for a in page.items if a.customer_id]
    n=len(rig.bench.calls)
    by = await part.ledger_accounts_by_customer(ledgers, dict.fromkeys(c, ()), operation)
    print("cust calls", len(rig.bench.calls)-n, {k: len(v) for k,v in by.items()})
    refs_ = [x.reference for p in tx.values() for x in p.items if x.reference]
    by = await part.ledger_transactions_by_reference(ledgers, refs_, operation)
    assert all(len(v)>=1 for v in by.values())
    fp = next(p for p in rig.provider.parts if isinstance(p, FindsPayments))
    print({k: len(v) for k,v in (await fp.payments_by_reference(refs_, operation)).items()})
    if version != "v1":
        print(await part.ledger_volumes([LedgerVolumesKey(refs[0], page.items[0].fetched_at), LedgerVolumesKey(refs[1], None, True)], operation))
    else:
        print(await part.ledger_volumes([LedgerVolumesKey(refs[0], page.items[0].fetched_at), LedgerVolumesKey(refs[1])], operation))
