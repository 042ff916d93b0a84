import '../conformance-indexeddb.ts'
