import { DuckDBInstance } from '@duckdb/node-api'

/** Rows as they come, numbers as numbers, times as texts. */
export type Rows = readonly (readonly unknown[])[]

export interface ShopDatabase {
  ask(sql: string): Promise<{ readonly columns: readonly string[]; readonly rows: Rows }>
  close(): void
}

const TABLES = `
CREATE SCHEMA shop;
CREATE TABLE shop.customers (customer_id INTEGER, country VARCHAR, signed_up_at DATE);
INSERT INTO shop.customers VALUES (1, 'SE', '2024-01-01'), (2, 'SE', '2024-01-10'), (3, 'DE', '2024-02-01'), (4, NULL, NULL);
CREATE TABLE shop.orders (order_id INTEGER, customer_id INTEGER, ordered_at TIMESTAMP, status VARCHAR, amount INTEGER);
INSERT INTO shop.orders VALUES
  (1, 1, '2024-01-01 08:00:00', 'paid', 10), (2, 1, '2024-01-03 09:30:00', 'paid', 25),
  (3, 2, '2024-01-03 23:59:59', 'open', 5), (4, 2, '2024-01-31 12:00:00', 'paid', 40),
  (5, 3, '2024-02-01 00:00:00', 'paid', 7), (6, 3, '2024-02-03 10:00:00', 'lost', NULL),
  (7, 9, '2024-02-05 10:00:00', 'paid', 11), (8, NULL, '2024-02-29 10:00:00', NULL, 3),
  (9, 1, '2024-03-01 10:00:00', 'paid', 100), (10, 4, NULL, 'open', 1);
CREATE TABLE shop.visits (visit_id INTEGER, customer_id INTEGER, visited_at DATE);
INSERT INTO shop.visits VALUES (1, 1, '2024-01-01'), (2, 1, '2024-01-02'), (3, 2, '2024-01-02'), (4, 2, '2024-01-30'),
  (5, 3, '2024-01-28'), (6, 3, '2024-02-02'), (7, 4, '2024-02-10'), (8, 1, '2024-03-01');
CREATE TABLE shop.balances (customer_id INTEGER, balance_date DATE, balance INTEGER);
INSERT INTO shop.balances VALUES (1, '2024-01-01', 100), (1, '2024-01-31', 80), (2, '2024-01-15', 50), (1, '2024-02-10', 90),
  (2, '2024-02-20', 60), (3, '2024-02-01', 5);
CREATE TABLE shop.days AS
  SELECT CAST(day AS DATE) AS date_day,
    CASE WHEN EXTRACT(day FROM day) < 15 THEN date_trunc('month', day) ELSE date_trunc('month', day) + INTERVAL 14 day END::DATE
      AS fiscal_month
  FROM range(TIMESTAMP '2023-12-01', TIMESTAMP '2024-05-01', INTERVAL 1 day) AS days(day);
`

/** A DuckDB in memory with the shop's tables. Close it in the end. */
export async function openShop(): Promise<ShopDatabase> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(TABLES)
  return {
    ask: async (sql) => {
      const reader = await connection.runAndReadAll(sql)
      return { columns: reader.columnNames(), rows: reader.getRowsJson().map((row) => row.map(plain)) }
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** Big numbers as numbers, midnight as its date, floats without their last digits. */
function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(10))
  if (typeof value !== 'string') return value
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value)
  return value.replace(/ 00:00:00$/, '')
}

/** In any order, for comparing. */
export function sorted(rows: Rows): Rows {
  const keyed = rows.map((row) => ({ row, key: JSON.stringify(row) }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row)
}
