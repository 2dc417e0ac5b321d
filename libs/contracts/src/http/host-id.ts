/** A host's id: that of its agent. */
export const HOST_ID = /^[0-9a-f]{16}$/;
/** Several, comma-separated. */
export const HOST_ID_LIST = /^[0-9a-f]{16}(,[0-9a-f]{16})*$/;
