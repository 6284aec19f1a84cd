export default {
  files: ['test/tools/pictures.ts'],
  extensions: ['ts'],
  timeout: '5m',
  failWithoutAssertions: true,
};
