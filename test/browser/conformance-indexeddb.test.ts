import './conformance-indexeddb.ts'
