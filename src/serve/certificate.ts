import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { createSecureContext, type SecureContext } from 'node:tls'
import { diagnostic, PlumbError } from '../core/diagnostic.js'

/** PEM texts. */
export interface CertificateText {
  /** The certificate, and those between it and the one that clients know. */
  readonly cert: string
  readonly key: string
}

/** What doors prove themselves with. */
export interface Certificate {
  readonly text: CertificateText
  readonly context: SecureContext
  /** Calls back when it was replaced. */
  onChange(listener: () => void): void
  close(): void
}

export interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

/** Milliseconds between two looks at the files: certificates are renewed days before they end. */
const LOOK = 5000

/** A certificate that stays as it is. @throws Error of the TLS library when it is none. */
export function fixedCertificate(text: CertificateText): Certificate {
  return { text, context: contextOf(text), onChange() {}, close() {} }
}

/**
 * A certificate in two files, which are read again whenever they change: connections that are there keep the old one.
 * A pair that does not fit together is passed over, with a warning, until it does.
 * @throws PlumbError `tls-files` when they cannot be read now, or make no certificate.
 */
export function openCertificate(
  files: CertificateFiles,
  log: (level: 'info' | 'warn', message: string) => void,
  look = LOOK,
): Certificate {
  let text = read(files)
  let context = load(files, text)
  const listeners: (() => void)[] = []
  const changed = (): void => {
    try {
      const now = read(files)
      if (now.cert === text.cert && now.key === text.key) return
      context = load(files, now)
      text = now
      for (const listener of listeners) listener()
      log('info', `The certificate was replaced: ${files.cert}`)
    } catch (error) {
      log('warn', `The certificate stays as it was: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  // By looking, not by events: renewals replace links and folders, and some file systems tell nothing.
  const paths = [files.cert, files.key]
  for (const path of paths) watchFile(path, { interval: look, persistent: false }, changed)
  return {
    get text() {
      return text
    },
    get context() {
      return context
    },
    onChange: (listener) => listeners.push(listener),
    close() {
      for (const path of paths) unwatchFile(path, changed)
    },
  }
}

function contextOf({ cert, key }: CertificateText): SecureContext {
  return createSecureContext({ cert, key, minVersion: 'TLSv1.2' })
}

function read({ cert, key }: CertificateFiles): CertificateText {
  return { cert: readText(cert), key: readText(key) }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw fault(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, error)
  }
}

function load(files: CertificateFiles, text: CertificateText): SecureContext {
  try {
    return contextOf(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw fault(`${files.cert} and ${files.key} make no certificate: ${reason}`, error)
  }
}

function fault(message: string, cause: unknown): PlumbError {
  const hint = 'both are PEM files: the certificate with those between it and its root, and its key without a password'
  return new PlumbError(diagnostic('usage', 'tls-files', message, { hint }), cause)
}
