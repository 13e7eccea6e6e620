#!/usr/bin/env node
// Makes the raw data of the example: an online shop for coffee gear with business clients, its web sessions and its
// support desk. Deterministic: the same scale gives the same bytes.
//
//   node scripts/generate-data.mjs [--scale 1] [--out data]
//
// Scale 1 is what ships (10,000 orders over 18 months); --scale 100 makes a million.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const argument = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at === -1 ? fallback : process.argv[at + 1]
}
const scale = Number(argument('scale', '1'))
const out = argument('out', join(dirname(fileURLToPath(import.meta.url)), '..', 'data'))
if (!(scale > 0)) throw new Error('--scale wants a number above 0')

/** mulberry32: a small generator with a fixed seed, so that every run makes the same data. */
function generator(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
const random = generator(20240101)
const whole = (low, high) => low + Math.floor(random() * (high - low + 1))
const pick = (list) => list[Math.floor(random() * list.length)]
const weighted = (pairs) => {
  let left = random() * pairs.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [value, weight] of pairs) if ((left -= weight) < 0) return value
  return pairs.at(-1)[0]
}
const chance = (p) => random() < p

const DAY = 86_400_000
const FIRST = Date.UTC(2024, 0, 1)
const LAST = Date.UTC(2025, 6, 1)
const stamp = (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

/** Writes rows as they come: at --scale 100 they would not fit in memory. */
function table(name, header) {
  mkdirSync(out, { recursive: true })
  const file = openSync(join(out, `${name}.csv`), 'w')
  let buffer = `${header.join(',')}\n`
  return {
    rows: 0,
    add(...cells) {
      this.rows++
      buffer += `${cells.map((c) => (c === null ? '' : /[",\n]/.test(String(c)) ? `"${String(c).replaceAll('"', '""')}"` : c)).join(',')}\n`
      if (buffer.length > 1 << 20) {
        writeSync(file, buffer)
        buffer = ''
      }
    },
    close() {
      writeSync(file, buffer)
      closeSync(file)
      console.log(`${name}.csv: ${this.rows} rows`)
    },
  }
}

const COUNTRIES = [
  ['KR', 30],
  ['US', 24],
  ['JP', 14],
  ['DE', 10],
  ['FR', 8],
  ['GB', 8],
  ['BR', 6],
]
const FIRST_NAMES = [
  'Jisoo',
  'Minjun',
  'Seoyeon',
  'Haruto',
  'Yui',
  'Emma',
  'Liam',
  'Olivia',
  'Noah',
  'Lena',
  'Jonas',
  'Chloe',
  'Hugo',
  'Ana',
  'Rafael',
  'Grace',
  'Oscar',
  'Mina',
  'Daniel',
  'Sora',
]
const LAST_NAMES = [
  'Kim',
  'Lee',
  'Park',
  'Choi',
  'Sato',
  'Tanaka',
  'Smith',
  'Jones',
  'Brown',
  'Muller',
  'Weber',
  'Martin',
  'Bernard',
  'Silva',
  'Costa',
  'Taylor',
  'Evans',
  'Jung',
  'Kang',
  'Wilson',
]
const INDUSTRIES = ['cafe', 'hotel', 'office', 'retail', 'catering']
const PRODUCTS = 48
const CAMPAIGNS = [
  [null, 46],
  ['spring_sale', 14],
  ['newsletter', 18],
  ['search_brand', 12],
  ['influencer', 10],
]
const prices = Array.from({ length: PRODUCTS }, (_, i) => 900 + ((i * 7919) % 240) * 100)

// Business accounts. The last column of a client changes over time in real life; the snapshot watches it.
const clientCount = Math.round(120 * Math.min(scale, 10))
const clients = table('clients', [
  'client_id',
  'client_name',
  'industry',
  'country_code',
  'plan',
  'account_manager',
  'signed_at',
  'updated_at',
])
const clientSigned = []
for (let id = 1; id <= clientCount; id++) {
  const signed = FIRST - whole(0, 300) * DAY + whole(0, DAY / 1000) * 1000
  clientSigned.push(signed)
  const name = `${pick(LAST_NAMES)} ${pick(['Coffee', 'Roasters', 'Hospitality', 'Trading', 'Kitchens', 'House'])} ${id}`
  clients.add(
    id,
    name,
    pick(INDUSTRIES),
    weighted(COUNTRIES),
    weighted([
      ['starter', 50],
      ['team', 35],
      ['enterprise', 15],
    ]),
    pick(FIRST_NAMES),
    stamp(signed),
    stamp(signed + whole(1, 200) * DAY),
  )
}
clients.close()

const userCount = Math.round(2_500 * scale)
const users = table('users', [
  'user_id',
  'client_id',
  'email',
  'full_name',
  'country_code',
  'acquisition_channel',
  'marketing_opt_in',
  'signed_up_at',
])
const assignments = table('experiment_assignments', ['experiment', 'user_id', 'variant', 'assigned_at'])
const signedUp = new Float64Array(userCount + 1)
const activity = new Float32Array(userCount + 1)
const variantOf = new Uint8Array(userCount + 1)
for (let id = 1; id <= userCount; id++) {
  const signed = FIRST + Math.floor(random() ** 1.3 * (LAST - FIRST - 20 * DAY))
  signedUp[id] = signed
  // A few people do most of the buying.
  activity[id] = random() ** 3
  const first = pick(FIRST_NAMES)
  const last = pick(LAST_NAMES)
  users.add(
    id,
    chance(0.35) ? whole(1, clientCount) : null,
    `${first}.${last}.${id}@example.com`.toLowerCase(),
    `${first} ${last}`,
    weighted(COUNTRIES),
    weighted([
      ['organic', 40],
      ['paid_search', 22],
      ['social', 18],
      ['referral', 12],
      ['partner', 8],
    ]),
    chance(0.6),
    stamp(signed),
  )
  variantOf[id] = chance(0.5) ? 1 : 0
  assignments.add(
    'one_page_checkout',
    id,
    variantOf[id] ? 'treatment' : 'control',
    stamp(Math.max(signed, Date.UTC(2025, 0, 15))),
  )
}
users.close()
assignments.close()

const sessions = table('sessions', [
  'session_id',
  'user_id',
  'started_at',
  'ended_at',
  'device',
  'campaign',
  'page_views',
  'viewed_product',
  'added_to_cart',
  'started_checkout',
])
const orders = table('orders', [
  'order_id',
  'user_id',
  'session_id',
  'status',
  'ordered_at',
  'updated_at',
  'discount_code',
  'shipping_cents',
])
const items = table('order_items', [
  'order_item_id',
  'order_id',
  'product_id',
  'quantity',
  'unit_price_cents',
  'discount_cents',
])
const payments = table('payments', ['payment_id', 'order_id', 'method', 'amount_cents', 'status', 'paid_at'])
const tickets = table('tickets', [
  'ticket_id',
  'user_id',
  'order_id',
  'channel',
  'topic',
  'priority',
  'opened_at',
  'solved_at',
  'satisfaction',
])

const orderGoal = Math.round(10_000 * scale)
let sessionId = 0
let orderId = 0
let itemId = 0
let paymentId = 0
let ticketId = 0
while (orderId < orderGoal) {
  const user = whole(1, userCount)
  if (random() > 0.15 + activity[user] * 0.85) continue
  const room = LAST - signedUp[user]
  let started = signedUp[user] + Math.floor(random() * room)
  // Fewer visits at the weekend, more in the evening.
  const weekday = new Date(started).getUTCDay()
  if ((weekday === 0 || weekday === 6) && chance(0.35)) continue
  started = Math.floor(started / DAY) * DAY + Math.floor(((random() + random() + random()) / 3) * DAY)
  // Every order must fall before the day the data ends.
  if (started >= LAST - 3_600_000 || started < signedUp[user])
    started = Math.min(LAST - 3_600_000, signedUp[user] + 60_000)
  started = Math.floor(started / 1000) * 1000
  sessionId++
  const treated = variantOf[user] === 1 && started >= Date.UTC(2025, 0, 15)
  const viewed = chance(0.86)
  const carted = viewed && chance(0.66 + 0.1 * activity[user])
  const checkout = carted && chance(treated ? 0.88 : 0.82)
  const bought = checkout && chance(treated ? 0.93 : 0.87)
  const length = whole(20, 1_500) * 1000
  sessions.add(
    sessionId,
    user,
    stamp(started),
    stamp(started + length),
    weighted([
      ['mobile', 58],
      ['desktop', 34],
      ['tablet', 8],
    ]),
    weighted(CAMPAIGNS),
    whole(1, 6) + (viewed ? whole(1, 9) : 0),
    viewed,
    carted,
    checkout,
  )
  if (!bought) continue

  orderId++
  const ordered = started + Math.floor(length * 0.8)
  const status = weighted([
    ['completed', 78],
    ['shipped', 8],
    ['placed', 3],
    ['returned', 7],
    ['cancelled', 4],
  ])
  const discount = chance(0.2) ? pick(['WELCOME10', 'SPRING15', 'VIP20']) : null
  const rate = discount ? Number(discount.slice(-2)) / 100 : 0
  const shipping = chance(0.4) ? 0 : whole(3, 9) * 100
  orders.add(orderId, user, sessionId, status, stamp(ordered), stamp(ordered + whole(1, 12) * DAY), discount, shipping)
  let total = shipping
  for (
    let n = weighted([
      [1, 52],
      [2, 28],
      [3, 14],
      [4, 6],
    ]);
    n > 0;
    n--
  ) {
    const product = 1 + Math.floor(random() ** 1.6 * PRODUCTS)
    const quantity = weighted([
      [1, 74],
      [2, 18],
      [3, 5],
      [6, 3],
    ])
    const price = prices[product - 1]
    const off = Math.round(price * quantity * rate)
    items.add(++itemId, orderId, product, quantity, price, off)
    total += price * quantity - off
  }
  const paid = ordered + whole(5, 600) * 1000
  if (status === 'cancelled' && chance(0.7)) {
    payments.add(++paymentId, orderId, 'card', total, 'failed', stamp(paid))
  } else if (chance(0.06)) {
    // Paid in two parts: a gift card first.
    const part = Math.min(total, whole(5, 30) * 100)
    payments.add(++paymentId, orderId, 'gift_card', part, 'succeeded', stamp(paid))
    if (total > part) payments.add(++paymentId, orderId, 'card', total - part, 'succeeded', stamp(paid + 1000))
  } else {
    payments.add(
      ++paymentId,
      orderId,
      weighted([
        ['card', 62],
        ['bank_transfer', 16],
        ['wallet', 22],
      ]),
      total,
      'succeeded',
      stamp(paid),
    )
  }
  if (status === 'returned')
    payments.add(++paymentId, orderId, 'refund', -total, 'succeeded', stamp(paid + whole(3, 10) * DAY))

  if (chance(status === 'returned' ? 0.6 : 0.08)) {
    const opened = ordered + whole(1, 9 * 24) * 3_600_000
    const solved = chance(0.94) ? opened + whole(1, 96) * 1_800_000 : null
    tickets.add(
      ++ticketId,
      user,
      chance(0.9) ? orderId : null,
      weighted([
        ['email', 50],
        ['chat', 35],
        ['phone', 15],
      ]),
      status === 'returned' ? 'return' : pick(['delivery', 'product_question', 'invoice', 'damaged']),
      weighted([
        ['low', 40],
        ['normal', 45],
        ['high', 15],
      ]),
      stamp(opened),
      solved === null ? null : stamp(solved),
      solved !== null && chance(0.55) ? whole(1, 5) : null,
    )
  }
}
for (const t of [sessions, orders, items, payments, tickets]) t.close()
