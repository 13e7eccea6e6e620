import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import json from 'highlight.js/lib/languages/json'
import python from 'highlight.js/lib/languages/python'
import sql from 'highlight.js/lib/languages/sql'
import yaml from 'highlight.js/lib/languages/yaml'

for (const [name, language] of Object.entries({ bash, json, python, sql, yaml })) hljs.registerLanguage(name, language)

/** Code as escaped HTML with colours; plain where the language is not known. */
export function highlight(code: string, language: string): string {
  const known = hljs.getLanguage(language) === undefined ? 'sql' : language
  return hljs.highlight(code, { language: known, ignoreIllegals: true }).value
}
