/**
 * @file Where Airlock is served on a PC. The name gives it an origin of its own: what another program serves at
 * http://localhost reads nothing that Airlock keeps. Chrome takes names below localhost for this PC, and as secure.
 */

/** Resolved by the browser itself; nothing need be set up for it. */
export const host = 'airlock.localhost';

/** Registered to nobody, and spells AIRLO on a telephone. A browser keeps data by name and port, so it stays. */
export const port = 24756;

/** Until version 0.1.0 it was http://localhost and this port: what was kept there can be backed up from there. */
export const formerPort = 4173;

/** @param {number} [at] */
export const addressAt = (at = port) => `http://${host}:${at}/`;
