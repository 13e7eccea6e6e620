import type { Cell, QueryResult, ResultColumn } from '../adapters/adapter.js'
import { AgateTable, PyDate, PyDateTime, PyDecimal, PyFloat, type Value } from '../jinja/index.js'
