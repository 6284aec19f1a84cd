/** Types as statfs(2) tells them: NFS, SMB, SMB2, CIFS, AFS, Coda, Ceph, Lustre. */
const networkTypes: readonly number[] = [
  0x6969, 0x517b, 0xfe534d42, 0xff534d42, 0x5346414f, 0x73757245, 0x00c36400, 0x0bd00bd0,
];

/** Whether files of this type of file system are on another machine: locks and syncs can't be relied on there. */
export function isNetworkFileSystem(type: number): boolean {
  return networkTypes.includes(type >>> 0);
}
