import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestProject, testProject } from '../../support/project.js'

interface Column {
  readonly name: string
  readonly description: string
  readonly tags: readonly string[]
  readonly meta: Readonly<Record<string, unknown>>
  readonly config: { readonly tags: readonly string[] }
}

const PROJECT = (vars: string): string =>
  `name: test\nversion: '1.0'\nconfig-version: 2\nprofile: test\n${vars === '' ? '' : `vars:\n  plumbline: {inherit_columns: ${vars}}\n`}`

describe('descriptions, tags and meta of columns along pure copies', () => {
  let project: TestProject

  beforeAll(async () => {
    project = testProject({
      seeds: { 'people.csv': 'id,email,age\n1,a@x,30\n' },
      'dbt_project.yml': PROJECT(''),
      models: {
        'schema.yml': `
seeds:
  - name: people
    columns:
      - {name: email, description: Where they can be reached, tags: [pii], meta: {owner: crm, plumbline: {mask: hash}}}
      - {name: age, description: In years}
models:
  - name: contacts
    columns:
      - {name: age, description: Of the contact, tags: [own]}
`,
        'kept.sql': "{{ config(materialized='ephemeral') }} select * from {{ ref('people') }}",
        'contacts.sql': "select id, email as contact, lower(email) as lowered, age from {{ ref('kept') }}",
      },
    })
    expect((await project.run('build', '-q')).code).toBe(0)
  })
  afterAll(() => project.dispose())

  const columns = async (vars: string): Promise<Readonly<Record<string, Column>>> => {
    project.write({ 'dbt_project.yml': PROJECT(vars) })
    const result = await project.run('docs', 'generate', '-q')
    expect(result.stdout + result.stderr).toBe('')
    const manifest = project.json<{ nodes: Record<string, { columns: Record<string, Column> }> }>(
      'target/manifest.json',
    )
    return manifest.nodes['model.test.contacts']!.columns
  }

  it('stay where they are written unless the project asks', async () => {
    expect(Object.keys(await columns(''))).toEqual(['age'])
    expect(Object.keys(await columns('false'))).toEqual(['age'])
  })

  it('follow copies and renames, through ephemeral models; what is computed has its own', async () => {
    const found = await columns('true')
    expect(found['contact']).toMatchObject({
      name: 'contact',
      description: 'Where they can be reached',
      tags: ['pii'],
      meta: { owner: 'crm' },
      config: { tags: ['pii'] },
    })
    expect(found['contact']?.meta).not.toHaveProperty('plumbline')
    expect(found['lowered']).toBeUndefined()
    expect(found['age']).toMatchObject({ description: 'Of the contact', tags: ['own'] })
  })

  it('can be asked for one by one; what is not known is refused', async () => {
    const found = await columns('[tags]')
    expect(found['contact']).toMatchObject({ description: '', tags: ['pii'], meta: {} })
    project.write({ 'dbt_project.yml': PROJECT('[colour]') })
    const wrong = await project.run('docs', 'generate')
    expect(wrong.code).not.toBe(0)
    expect(wrong.stdout + wrong.stderr).toContain('vars.plumbline.inherit_columns: ["colour"] is not known')
  })
})
