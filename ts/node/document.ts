/** A document to draw the report's figures into, where there is no page. */
import { parseHTML } from 'linkedom';

export const newDocument = (): Document => parseHTML('<!doctype html><html><body></body></html>').document as unknown as Document;
