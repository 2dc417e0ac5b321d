import { ASN_FILE_PATH } from './geo/asn/asn-file-path.js';
import { buildAsnFile } from './geo/asn/build-asn-file.js';

// Run by the build, after the compiler: makes the data files the worker ships.
buildAsnFile(ASN_FILE_PATH);
