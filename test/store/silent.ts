import type {Log} from '../../src/core/log.ts';

export const silent: Log = {debug() {}, info() {}, warn() {}, error() {}};
