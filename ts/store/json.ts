/** Files of other programs by their first bytes. A model file of ours begins with the length of its header, which has zeros behind it. */

/** Whether bytes look like a JSON text. */
export const isJson = (bytes: Uint8Array): boolean => {
  const start = bytes[0] === 0xef ? 3 : 0;
  return bytes.length > start && /^[\s[{]$/.test(String.fromCharCode(bytes[start] as number)) && bytes[7] !== 0;
};

/** Whether they look like UBJSON: its first name has its length in eight bytes, the lowest last, where the header of ours begins. */
export const isUbjson = (bytes: Uint8Array): boolean => bytes[0] === 0x7b && bytes[1] === 0x4c && bytes[8] === 0;
