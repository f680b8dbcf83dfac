/**
 * Takes out of a text what may be a secret: the given ones, whatever follows the host in a URL (keys of RPC
 * providers are in path and query) and users in it, hex of a private key's length except the hashes that are
 * known to be public, tokens, and the user's name in paths.
 */
export function redact(
  text: string,
  known: { secrets: readonly string[]; publicHashes: readonly string[]; home?: string },
): string {
  let clean = text
  for (const secret of known.secrets) {
    clean = clean.replaceAll(secret, '[redacted]')
  }
  clean = clean
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@"']*@)?([^\s/?#"']+)[^\s"'),;]*/gi, '$1$2')
    .replace(/\b(bearer|grant|basic)\s+[\w.~+/=-]{8,}/gi, '$1 [redacted]')
    .replace(
      /\b((?:api[_-]?key|token|secret|password|passphrase|mnemonic)["']?\s*[:=]\s*["']?)[^\s"',;]+/gi,
      '$1[redacted]',
    )
    .replace(/\b(?:0x)?[0-9a-fA-F]{64,}\b/g, (hex) =>
      known.publicHashes.includes(hex.toLowerCase()) ? hex : '[hex redacted]',
    )
  return known.home ? clean.replaceAll(known.home, '~') : clean
}
