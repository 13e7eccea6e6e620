/** The parse cache's name in the target folder. */
export const PARSE_CACHE_FILE = 'partial_parse.plumb'
