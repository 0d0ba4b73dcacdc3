// Package record is the documents (handlingar) of a case: those drawn up from the tenant's templates, numbered and entered
// in the register by themselves, those that came in as files, their versions, and to whom they were sent.
//
// It must not know how a case is handled, and it keeps no readable word or file: texts are sealed with the case's key before
// they reach the database, files before they reach the store. Tests run against a real PostgreSQL, a real ClamAV and a real
// S3 server, and read the papers back with other programs.
package record
