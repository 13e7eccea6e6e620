import { describe, expect, test } from 'vitest'
import { AgateTable, compileTemplate, PyDate, PyDecimal, PyFloat, type Value } from '../../../src/jinja/index.js'
import { scopeOf, strictThread } from './render-case.js'

const NAMES = ['id', 'name', 'amount', 'ok', 'day']
const COLUMNS: Value[][] = [
  [1, 2, 3],
  ['ann', null, 'a rather long name of somebody'],
  [PyDecimal.parse('1234.50'), PyDecimal.parse('2.5'), PyDecimal.parse('3')],
  [true, null, false],
  [new PyDate(2024, 2, 29), null, new PyDate(2024, 3, 1)],
]

/** Renders a template that sees the table `t`; what the table prints comes first. */
async function render(template: string, columns = COLUMNS, names = NAMES): Promise<string> {
  const printed: string[] = []
  const t = AgateTable.fromColumns(names, columns, undefined, (text) => printed.push(text))
  const text = await compileTemplate(template, { file: 'a.sql' }).render(strictThread(), scopeOf({ t }))
  return printed.join('') + text
}

describe('tables answer as agate does', () => {
  // What agate 1.9 prints of the same table.
  test.each([
    ['{{ t.column_names }}', "('id', 'name', 'amount', 'ok', 'day')"],
    ['{{ t.rows[0] }}', "<agate.Row: (1, 'ann', Decimal('1234.50'), True, datetime.date(2024, 2, 29))>"],
    ["{{ t.columns['name'] }}", "<agate.Column: ('ann', None, 'a rather long name of somebody')>"],
    ["{{ t.columns['name'].values() }}", "('ann', None, 'a rather long name of somebody')"],
    ['{{ t.columns[0].values() }}', '(1, 2, 3)'],
    // How dbt_profiler writes a table's cells into YAML.
    ["{{ t.columns['amount'].data_type.jsonify(t.rows[0]['amount']) }}", '1234.5'],
    ["{{ t.columns['id'].data_type.jsonify(1) }} {{ t.columns['ok'].data_type.jsonify(true) }}", '1 True'],
    ["{{ t.columns['day'].data_type.jsonify(t.rows[0]['day']) | tojson }}", '"2024-02-29"'],
    ["{{ t.columns['name'].data_type.jsonify(none) }}{{ t.columns['name'].data_type.csvify('a') }}", 'Nonea'],
    ["{{ t.columns['name'].values_without_nulls() | length }}", '2'],
    ["{{ t.columns['name'].values_sorted() }}", "['a rather long name of somebody', 'ann', None]"],
    ['{{ t.columns.keys() }}', "('id', 'name', 'amount', 'ok', 'day')"],
    ["{{ t.rows[0]['name'] }}{{ t.rows[0].name }}{{ t.rows[0][1] }}{{ t.rows[0][-5] }}", 'annannann1'],
    ['{{ t.rows[0].values() }}', "(1, 'ann', Decimal('1234.50'), True, datetime.date(2024, 2, 29))"],
    ['{{ t.rows[1].dict() }}', "{'id': 2, 'name': None, 'amount': Decimal('2.5'), 'ok': None, 'day': None}"],
    ["{{ t.rows[0].get('x') }}{{ t.rows[0].get('x', 5) }}", 'None5'],
    ['{{ 1 in t.rows[0] }}{{ t.rows | length }}{{ t.columns | length }}', 'True35'],
    ['{% for row in t.rows %}{{ row.id }}{% endfor %}', '123'],
    ['{% for a, b, c, d, e in t.rows %}{{ a }}{% endfor %}', '123'],
    ['{% for c in t.columns %}{{ c.name }} {% endfor %}', 'id name amount ok day '],
    ['{% for v in t.columns[2] %}{{ v }} {% endfor %}', '1234.50 2.5 3 '],
    ["{{ t.columns['nope'] is defined }}", 'False'],
    ['{{ t.rows[9] is defined }}', 'False'],
    ["{{ t.columns[2].values() | sum }}{{ t.rows[0]['amount'] + 1 }}", '1240.001235.50'],
    ["{{ t.rows | map(attribute='id') | list }}", '[1, 2, 3]'],
    ["{{ t.select(['name', 'id']).column_names }}{{ t.exclude('day').column_names | length }}", "('name', 'id')4"],
    ["{{ t.rename({'id': 'key'}).column_names[0] }}{{ t.limit(2).rows | length }}", 'key2'],
    ["{{ t.rename(column_names=['a', 'b', 'c', 'd', 'e']).rows[0].b }}", 'ann'],
    ["{{ t.order_by('amount', reverse=true).columns[0].values() }}", '(1, 3, 2)'],
    ["{{ t.distinct('ok').rows | length }}", '3'],
    [
      "{% for ok, part in t.group_by('ok').items() %}{{ ok }}:{{ part.columns['id'].values() }} {% endfor %}",
      'True:(1,) None:(2,) False:(3,) ',
    ],
    ["{{ t.group_by('ok').keys() }}{{ (t.group_by('ok').values() | first).rows | length }}", '(True, None, False)1'],
  ])('%s', async (template, expected) => {
    expect(await render(template)).toBe(expected)
  })

  test('print_table', async () => {
    expect(await render('{% do t.print_table() %}')).toBe(
      [
        '| id | name                 |  amount |    ok |        day |',
        '| -- | -------------------- | ------- | ----- | ---------- |',
        '|  1 | ann                  | 1,234.5 |  True | 2024-02-29 |',
        '|  2 |                      |     2.5 |       |            |',
        '|  3 | a rather long nam... |     3.0 | False | 2024-03-01 |',
        '',
      ].join('\n'),
    )
  })

  test('print_table with limits', async () => {
    expect(await render('{% do t.print_table(max_rows=1, max_columns=3) %}')).toBe(
      [
        '| id | name |  amount | ... |',
        '| -- | ---- | ------- | --- |',
        '|  1 | ann  | 1,234.5 | ... |',
        '| ... | ...  |     ... | ... |',
        '',
      ].join('\n'),
    )
  })

  test('numbers with more places than are shown', async () => {
    const columns = [
      [PyDecimal.parse('1.23456'), PyDecimal.parse('1000000')],
      [new PyFloat(1.5), new PyFloat(-2.25)],
    ]
    expect(await render('{% do t.print_table() %}', columns, ['a', 'b'])).toBe(
      [
        '|              a |     b |',
        '| -------------- | ----- |',
        '|         1.235… |  1.50 |',
        '| 1,000,000.000… | -2.25 |',
        '',
      ].join('\n'),
    )
  })

  test('print_csv', async () => {
    expect(await render('{% do t.print_csv() %}')).toBe(
      'id,name,amount,ok,day\n1,ann,1234.50,True,2024-02-29\n2,,2.5,,\n3,a rather long name of somebody,3,False,2024-03-01\n',
    )
  })

  test('a table prints its structure', async () => {
    expect(await render('{{ t }}')).toBe(
      [
        '| column | data_type |',
        '| ------ | --------- |',
        '| id     | Integer   |',
        '| name   | Text      |',
        '| amount | Number    |',
        '| ok     | Boolean   |',
        '| day    | Date      |',
        '',
      ].join('\n'),
    )
  })
})

describe('decimals are as Python computes them', () => {
  const decimals: Record<string, Value> = {}
  for (const text of [
    '1.50',
    '1.0',
    '1',
    '2',
    '10',
    '100',
    '1E+3',
    '0.000001',
    '0.0000001',
    '-7',
    '7',
    '1.255',
    '0.00',
  ])
    decimals[`d${text.replace(/\W/g, '_')}`] = PyDecimal.parse(text)
  decimals['big'] = PyDecimal.parse('123456789012345678901234567890')
  decimals['tenths'] = PyDecimal.parse('1.1')

  test.each([
    ['d1_50', '1.50'],
    ['[d1_50]', "[Decimal('1.50')]"],
    ['d1_50 + 1', '2.50'],
    ['1 - d1_50', '-0.50'],
    ['d1_50 * 2', '3.00'],
    ['d1 / 3', '0.3333333333333333333333333333'],
    ['d2 / 3', '0.6666666666666666666666666667'],
    ['d10 / 4', '2.5'],
    ['d100 / 3', '33.33333333333333333333333333'],
    ['d1E_3', '1E+3'],
    ['d0_000001', '0.000001'],
    ['d0_0000001', '1E-7'],
    ['-d1_50', '-1.50'],
    ['d7 // 2', '3'],
    ['d_7 // 2', '-3'],
    ['d_7 % 3', '-1'],
    ['d1_50 ** 2', '2.2500'],
    ['d1_0 == 1', 'True'],
    ['d1_50 < 2 and d1_50 > 1', 'True'],
    ['1 in [d1_0]', 'True'],
    ['big * tenths', '1.358024679135802467913580247E+29'],
    ['d1_255 | round(2)', '1.26'],
    ['d1_50 | int', '1'],
    ['d1_50 | float', '1.5'],
    ['-d1_50 | abs', '1.50'],
    ["'%s' % d1_50", '1.50'],
    ["'{:.1f}'.format(d1_255)", '1.3'],
    ['d1_50 is number', 'True'],
    ['d1_50 is float', 'False'],
    ["'t' if d0_00 else 'f'", 'f'],
    ['[d2, d1, d1_50] | sort', "[Decimal('1'), Decimal('1.50'), Decimal('2')]"],
  ])('%s', async (expression, expected) => {
    const template = compileTemplate(`{{ ${expression} }}`, { file: 'a.sql' })
    expect(await template.render(strictThread(), scopeOf(decimals))).toBe(expected)
  })

  test('dividing by zero fails as in Python', async () => {
    const template = compileTemplate('{{ d1 / 0 }}', { file: 'a.sql' })
    await expect(template.render(strictThread(), scopeOf(decimals))).rejects.toThrow(
      "[<class 'decimal.DivisionByZero'>]",
    )
  })
})
