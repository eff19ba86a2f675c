// Resolvers and loaders for both Node gateways. `get` reads a path and gives its JSON.

import DataLoader from 'dataloader';
import * as vendors from './vendors.mjs';

const { paths } = vendors;

// One call for each key, all at once.
const each = (get, path, picked) => new DataLoader((keys) => Promise.all(keys.map(async (key) => picked(await get(path(key))))));

// What lives as long as an operation.
export function loaders(get) {
  return {
    get,
    accounts: new DataLoader(async (ids) => {
      const { cursor } = await get(paths.paymentAccounts(ids));
      const found = new Map(cursor.data.map((raw) => [raw.id, vendors.paymentAccount(raw)]));
      return ids.map((id) => found.get(id) ?? null);
    }),
    paymentAccountsOf: new DataLoader((names) => Promise.all(names.map(async (name) => {
      const { cursor } = await get(paths.paymentAccountsOf(name));
      return cursor.data.map(vendors.paymentAccount);
    }))),
    accountBalances: each(get, paths.accountBalances, ({ cursor }) => vendors.accountBalances(cursor.data)),
    smartAccounts: each(get, paths.smartAccount, vendors.smartAccount),
    smartBalances: each(get, paths.smartBalance, vendors.smartBalances),
    poolBalances: each(get, paths.poolBalances, ({ data }) => vendors.poolBalances(data)),
  };
}

const bankAccounts = async (customer, { get }) => (await get(paths.bankAccounts(customer.bank))).accounts.map(vendors.bankAccount);

export const resolvers = {
  Query: {
    customer: (_, { id }) => vendors.customer(id),
    payments: async (_, { filter, first }, { get }) => {
      const { cursor } = await get(paths.payments(vendors.named(filter.connectorId), first));
      return { nodes: cursor.data.map(vendors.payment) };
    },
  },
  Customer: {
    accounts: async (customer, { provider }, context) => {
      if (provider === 'FINICITY') return { nodes: await bankAccounts(customer, context) };
      const parts = await Promise.all([
        bankAccounts(customer, context),
        context.paymentAccountsOf.load(customer.name),
        context.smartAccounts.loadMany(customer.smartAccounts),
      ]);
      return { nodes: parts.flat() };
    },
    pools: async (customer, _, { get, paymentAccountsOf }) => {
      const accounts = await paymentAccountsOf.load(customer.name);
      const { cursor } = await get(paths.poolsOf(accounts.map((account) => account.providerId)));
      return cursor.data.map(vendors.pool);
    },
  },
  PaymentAccount: { balances: (account, _, { accountBalances }) => accountBalances.load(account.providerId) },
  SmartAccount: { balances: (account, _, { smartBalances }) => smartBalances.load(account.providerId) },
  Pool: { balances: (pool, _, { poolBalances }) => poolBalances.load(pool.providerId) },
  Payment: {
    source: (payment, _, { accounts }) => accounts.load(payment.from),
    destination: (payment, _, { accounts }) => accounts.load(payment.to),
  },
};
