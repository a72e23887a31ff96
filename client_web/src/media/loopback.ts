/** Addresses by which a computer reaches itself. */

/** Whether a page with this host name came from this computer. Source: W3C Secure Contexts, 3.1. */
export function isLoopback(hostname: string): boolean {
  return /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
