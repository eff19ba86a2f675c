// The vendors' paths and records in the schema's words, for both Node gateways. Amounts are plain numbers here.

const PAYMENTS = '/api/payments';

// What a global id names: its last key.
export const named = (id) => JSON.parse(Buffer.from(id, 'base64url'))[3].at(-1);

// What a directory would know: a customer's ids at the vendors hang on its number.
export function customer(id) {
  const number = named(id).slice(1);
  const smartAccounts = Array.from({ length: 6 }, (_, i) => `00000000-0000-4000-8000-${number}${String(i).padStart(2, '0')}`);
  return { id, name: `c${number}`, bank: number, smartAccounts };
}

const either = (key, values) => encodeURIComponent(JSON.stringify({ $or: values.map((value) => ({ $match: { [key]: value } })) }));
const match = (key, value) => encodeURIComponent(JSON.stringify({ $match: { [key]: value } }));

export const paths = {
  bankAccounts: (number) => `/aggregation/v1/customers/${number}/accounts`,
  smartAccount: (id) => `/payments/smart-accounts/${id}`,
  smartBalance: (id) => `/payments/smart-accounts/${id}/balance`,
  paymentAccountsOf: (name) => `${PAYMENTS}/accounts?pageSize=100&query=${match('metadata[customer_id]', name)}`,
  paymentAccounts: (ids) => `${PAYMENTS}/accounts?pageSize=100&query=${either('id', ids)}`,
  accountBalances: (id) => `${PAYMENTS}/accounts/${id}/balances?pageSize=100`,
  payments: (connector, first) => `${PAYMENTS}/payments?pageSize=${first}&query=${match('connector_id', connector)}`,
  poolsOf: (accounts) => `${PAYMENTS}/pools?pageSize=100&query=${either('account_id', accounts)}`,
  poolBalances: (id) => `${PAYMENTS}/pools/${id}/balances/latest`,
};

const KINDS = { checking: 'CHECKING', savings: 'SAVINGS', CHECKING_ACCOUNT: 'CHECKING' };
const minor = (units, asset) => ({ amount: (units / 100).toFixed(2), asset, minorUnits: String(units) });
const major = (amount, asset) => ({ amount: String(amount), asset });

export const bankAccount = (raw) => ({
  __typename: 'AggregatedAccount',
  providerId: raw.id,
  name: raw.name,
  kind: KINDS[raw.type],
  providerType: raw.type,
  currency: raw.currency,
  maskedNumber: raw.accountNumberDisplay,
  balances: [
    { kind: 'CLEARED', money: major(raw.balance, 'USD/2') },
    { kind: 'AVAILABLE', money: major(raw.detail.availableBalanceAmount, 'USD/2') },
  ],
});

export const paymentAccount = (raw) => ({
  __typename: 'PaymentAccount',
  providerId: raw.id,
  name: raw.accountName,
  kind: raw.type,
  providerType: raw.type,
  currency: raw.defaultAsset.split('/')[0],
});

export const smartAccount = (raw) => ({
  __typename: 'SmartAccount',
  providerId: raw.id,
  name: null,
  kind: KINDS[raw.type],
  providerType: raw.type,
  currency: 'BRL',
  agency: raw.agency,
  number: raw.number,
});

export const accountBalances = (rows) => rows.map((raw) => ({ kind: 'CURRENT', money: minor(raw.balance, raw.asset) }));
export const poolBalances = (rows) => rows.map((raw) => ({ kind: 'CURRENT', money: minor(raw.amount, raw.asset) }));
export const smartBalances = (raw) => [
  { kind: 'CURRENT', money: major(raw.balance, 'BRL/2') },
  { kind: 'BLOCKED', money: major(raw.blockedBalance, 'BRL/2') },
  { kind: 'SCHEDULED', money: major(raw.scheduledBalance, 'BRL/2') },
];

export const pool = (raw) => ({ providerId: raw.id, name: raw.name });

export const payment = (raw) => ({
  providerId: raw.id,
  reference: raw.reference,
  type: raw.type.replace('-', '_'),
  providerType: raw.type,
  status: raw.status,
  providerStatus: raw.status,
  scheme: raw.scheme,
  providerName: raw.provider.toUpperCase(),
  createdAt: raw.createdAt,
  money: minor(raw.amount, raw.asset),
  from: raw.sourceAccountID,
  to: raw.destinationAccountID,
});
