// The tests that do not run in a browser, each with its reason: { browser: { file: { test: reason } } }.

export const NOT_IN = {
  firefox: {
  },
};
