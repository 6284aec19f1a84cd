import {nexus} from './nexus/index.ts';
import type {PlatformType} from './platform.ts';

/** Every kind of contact centre the gateway knows. */
export const platformTypes: readonly PlatformType[] = [nexus];
