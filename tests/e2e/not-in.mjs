// The tests that do not run in a browser, each with its reason: { browser: { file: { test: reason } } }.

export const NOT_IN = {
  firefox: {
    'export.test.mjs': {
      'on the clipboard: a picture': 'the clipboard of a Firefox without a screen holds text only',
    },
    'hands.test.mjs': {
      'touch: a finger that is dragged previews under a loupe, and chooses where it is lifted': 'these tests have no finger for Firefox that moves',
      'touch: what is longer than its place scrolls under a finger': 'these tests have no finger for Firefox that moves',
    },
    'look.test.mjs': {
      'cells are sharp when zoom or another screen changes the pixel ratio': 'Firefox gives no means to change it',
    },
    'offline.test.mjs': {
      'the browser reads the manifest without complaint': 'Firefox tells nobody what it reads there; it installs no pages',
    },
    'smoke.test.mjs': {
      'the worker\'s table takes the module with fused multiply-add': 'these tests cannot look into Firefox\'s workers',
    },
    'typing.test.mjs': {
      'an input method composes undisturbed: nothing is read half-way, and the caret stays': 'these tests have no input method for Firefox',
    },
    'threads.test.mjs': {
      'an isolated page has threads, and the same numbers to the bit': 'these tests cannot look into Firefox\'s workers',
      'a visit without a network has them, too': 'these tests cannot look into Firefox\'s workers',
      'without its helpers the worker of an isolated page computes alone': 'these tests cannot look into Firefox\'s workers',
    },
  },
};
