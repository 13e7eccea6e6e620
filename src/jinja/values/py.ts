/**
 * The symbols an object of the host implements to be a Python-like value in templates: Python's double-underscore
 * methods under another spelling. Used as `[py.getattr](name) { ... }`.
 */

/** `getattr(o, name)`: the attribute, or undefined when there is none. */
export const getattr: unique symbol = Symbol('py.getattr')
/** `o[key]`: the item, or undefined when there is none. */
export const getitem: unique symbol = Symbol('py.getitem')
/** `{% set o.name = value %}`; only namespaces and the like have it. */
export const setattr: unique symbol = Symbol('py.setattr')
/** `o[key] = value`, for `update` and friends. */
export const setitem: unique symbol = Symbol('py.setitem')
/** `o(...)`. */
export const call: unique symbol = Symbol('py.call')
/** `str(o)`: what `{{ o }}` prints. */
export const str: unique symbol = Symbol('py.str')
/** `repr(o)`: what it prints inside a list. */
export const repr: unique symbol = Symbol('py.repr')
/** `iter(o)`. */
export const iter: unique symbol = Symbol('py.iter')
/** `len(o)`. */
export const len: unique symbol = Symbol('py.len')
/** `bool(o)`; without it, `len` decides, else true. */
export const bool: unique symbol = Symbol('py.bool')
/** `o == other`; without it, identity. */
export const eq: unique symbol = Symbol('py.eq')
/** `o < other`; undefined when the two have no order. */
export const lt: unique symbol = Symbol('py.lt')
/** A text equal for equal objects and different for different ones: makes `o` usable as a key. */
export const hash: unique symbol = Symbol('py.hash')
/** `value in o`; without it, iteration decides. */
export const contains: unique symbol = Symbol('py.contains')
/** Binary arithmetic: `o + other`, or `other + o` with `reflected`; undefined when not supported. */
export const arithmetic: unique symbol = Symbol('py.arithmetic')
/** True for objects that are Mappings to Python: `o is mapping`. */
export const mapping: unique symbol = Symbol('py.mapping')
/** `type(o).__name__`, in error messages. */
export const typeName: unique symbol = Symbol('py.typeName')
/** `format(o, spec)`. */
export const format: unique symbol = Symbol('py.format')
/** The number an object stands for: `int(o)` and `float(o)`. */
export const number: unique symbol = Symbol('py.number')
