### Every text of the page. Another language is a file beside this one with the same messages: see README.md.

## The language itself

language = English
# ltr or rtl: which way the page is laid out.
direction = ltr
decimal-mark = .
list-comma = {", "}
between-sentences = {" "}

## All over the page

close = Close
cancel = Cancel
try-again = Try again
restore = Reset the model (r)
scene-waiting = Your sentence. The model has not read it yet.
picture-none = Nothing drawn yet.

## The head of the page

undo = Undo
redo = Redo
keys = Keyboard
to-dark = ☾ Dark
to-light = ☀ Light
choose-language = Language
more = More
notes = Notes
skip-to-picture = To the picture
region-page = The page
region-caption = Caption
inspector = Inspector
tab-heads = Heads
tab-heatmap = Heatmap
tab-row = Row
tab-steps = Step by step
tab-effect = Effect
tab-charts = Charts
explains-nothing = Attention shows what a head reads from, not why the model decides.
stays-here = Everything is computed in your browser; your text never leaves it.
needs-script = Attnscope runs a neural network in your browser: it needs JavaScript and WebAssembly.
# Where the page cannot start. $file: a file's name; $error: the browser's own words.
start-file = This page was opened as a file, and browsers do not start it that way. Serve its folder with a web server: for example, run “python3 -m http.server” in it and open http://localhost:8000/.
start-wasm = Attnscope needs WebAssembly, which is missing or blocked. It can be blocked by Lockdown Mode, by a browser setting or by this site’s Content-Security-Policy. Allow it for this page, or use another browser.
start-part = A part of this page could not be loaded: { $file }. Check your connection and reload the page. If that does not help, contact the owner of this site.
start-failed = The page could not be started: { $error }. Reload it, or use a current version of your browser.
not-found = Page not found.
is-here = Open Attnscope
lesson-open = Lesson
lesson-coming = Loading the lesson …
lesson-lost = The lesson could not be loaded.

## The text

region-text = Text
type-a-sentence = Type a sentence
second-text = Second text, read together with the first
examples = Examples
example-big = trophy, big
example-small = trophy, small
example-animal = the animal
example-banks = two banks
example-pair = a pair
big-to-small = big → small
small-to-big = small → big
add-second = + second text
drop-second = − second text
invitation = Type a sentence above or choose an example to see which words each word reads from.
cut-limit = The model reads { $limit ->
    [one] { $limit } token
   *[other] { $limit } tokens
 } at most.
cut-characters = At most { $limit ->
    [one] { $limit } character
   *[other] { $limit } characters
 } of a text are given to the model.
cut-rest = { $left ->
    [one] The last character is not read, from “{ $rest }…” on.
   *[other] The last { $left } characters are not read, from “{ $rest }…” on.
 }
note-no-start = This model's tokenizer adds no start token, so many heads put their spare weight on the first token of the text.
note-two-starts = The text begins with { $token }, and the tokenizer adds another one before it: the model reads two. Delete the one in the text.
note-guessed-split = This GGUF file does not say how its tokenizer splits text (tokenizer.ggml.pre), and its vocabulary is unknown to this page. Text is split as for GPT-2, so tokens may differ from the model's own.
field-cut = This field holds at most { $characters } characters and { $lines } lines. The rest of the text was cut off.

## The model, and how far it is

saved-own = Saved result.
saved-other = Your sentence runs as soon as the model has loaded.
saved-by = Saved result of { $model }.
computed-elsewhere = Imported attention ({ $model }).
model-waits = The model loads when it is needed.
fetch-now = Load it now
model-starting = Loading the model …
model-preparing = Preparing the model …
model-preparation = Model preparation
model-download = Model download
model-downloading = Downloading the model: { $got } of { $total } MB in { $seconds } s
model-reading = Loading the model from this browser's storage: { $got } of { $total } MB in { $seconds } s
model-reading-own = Loading your files: { $got } of { $total } MB in { $seconds } s
seconds-left = , { $seconds } s left
model-retrying = Trying again in { $seconds } s; the download continues where it stopped.
not-kept = This browser does not store the model: { $megabytes } MB will be downloaded again next time.
your-model = your model
model-stopped = Loading stopped. What has been downloaded is kept.
carry-on = Continue
engine-silent = The engine does not respond. You can wait or restart it; your text is kept.
engine-again = Restart the engine
# $layers and $heads are numbers.
model-ready = { $layers ->
    [one] { $layers } layer
   *[other] { $layers } layers
 } × { $heads ->
    [one] { $heads } head
   *[other] { $heads } heads
 }
tokens-read = { $tokens ->
    [one] { $tokens } token in { $millis } ms
   *[other] { $tokens } tokens in { $millis } ms
 }
reading-on = computing …
layers-read = { $here } of { $all } layers computed …
version-here = A new version is available. {""}
version-take = Reload
tools-lost = Part of this page could not be loaded; what is on screen still works. {""}
link-lost = Part of this link could not be read. { $faults }
link-too-long = This text is too long for a link, so the page’s address does not contain it. Save a snapshot instead (under “Share”): it contains the whole run.
whole-page = Open in Attnscope

## What is shown, and how

region-view = View
layer = Layer
head = Head
one-less = { $name }, one less
one-more = { $name }, one more
show = Show
display = Display
find = Find
find-how = Choose token A: heads are then ordered by their weight on A from the chosen word.
head-off = Off
head-off-means = Switch this head off or on
head-is-off = off: its output is 0
show-weight = weights
show-score = scores before softmax
show-norm = value-weighted norms
show-mean = mean of the layer's heads
show-rollout = rollout to the layer
draw-as = Draw as
arcs = Arcs
columns = Columns
as-text = Text
by-itself = Automatic
units = Units
tokens = Tokens
words = Words
heads-as = All heads
heads-as-maps = maps
heads-as-numbers = one number each
special-tokens = Special tokens
special-show = Show
special-mask = Hide
special-renormalise = Hide and rescale
# Before and after a number.
mass-before = Show edges up to {""}
mass-after = {" "}% of the weight

## Names of pictures

title-weight = Layer { $layer }, head { $head }
title-score = Layer { $layer }, head { $head }: scores before softmax
title-norm = Layer { $layer }, head { $head }: value-weighted norms
title-mean = Layer { $layer }: mean of its heads
title-rollout = Rollout from the input to layer { $layer }
title-difference = Layer { $layer }, head { $head }: difference of weights
name-mean = { $layer }, mean of its heads
name-rollout = Rollout to { $layer }

## What a row says

# Many of what the cells say.
weights = weights
scores = scores
norms = norms
shares = shares
differences = differences
# The verb between the queries and the keys: of one query, and of several.
weight-one = reads from
weight-many = read, on average, from
score-one = scores
score-many = score, on average,
norm-one = gets from
norm-many = get, on average, from
rollout-one = draws on
rollout-many = draw, on average, on
difference-one = reads
difference-many = read, on average,
amount-less = { $amount } less
amount-more = { $amount } more
row-spoken = { $name }: { $queries } { $verb } { $keys }
row-spoken-none = { $name }, no token chosen
choose-a-token = Choose a token to see what it reads from. Shown: the { $count } strongest { $what } of { $name }.
hides-mean = the mean hides the individual heads and may resemble none of them
hides-rollout = rollout assumes that half of each token passes each layer unchanged, and ignores heads and values
sum-weight = weights sum to { $sum }
sum-score = scores before softmax: only their differences matter
sum-norm = norms sum to { $sum }; the vectors may cancel out
sum-rollout = shares sum to { $sum }
sum-difference = differences sum to { $sum }
row-unavailable = no weights are available for this token
drawn = { $keys } of { $tokens ->
    [one] { $tokens } token
   *[other] { $tokens } tokens
 } drawn, { $percent } % of the weight
drawn-total = { $keys } of { $tokens ->
    [one] { $tokens } token
   *[other] { $tokens } tokens
 } drawn, { $percent } % of the total
drawn-score = { $keys } of { $tokens ->
    [one] { $tokens } token
   *[other] { $tokens } tokens
 } drawn, { $percent } % of the resulting weight
drawn-difference = { $keys } of { $tokens ->
    [one] { $tokens } token
   *[other] { $tokens } tokens
 } drawn, { $percent } % of the total change
hidden = { $amount } on special tokens hidden
hidden-scaled = { $amount } on special tokens hidden, the rest rescaled to sum to 1
dot-means = a dot marks a piece that continues a word
line-means = underlined tokens are not in the model's vocabulary: all of them are read as one unknown token
formula-rest = { $weight } V({ $others ->
    [one] { $others } other
   *[other] { $others } others
 })
formula-special = { $weight } V(special tokens)
table-title = { $name }: what { $queries } reads from
table-token = Token
table-place = Position
column-weight = Weight
column-score = Score
column-norm = Norm
column-difference = Difference
table-all = Show all { $count } tokens
table-fewer = Show fewer
row-none = Choose a word in the sentence to see its row.

## Pictures, and what keys do in them

region-sentence = Sentence
region-heatmap = Heatmap
form-arcs = arcs
form-columns = columns
form-text = text
scene-strongest = { $name }: the { $count } strongest { $what }, as { $form }
scene-reads = { $name }: what { $queries } reads from, as { $form }
scene-heatmap = { $name }: heatmap of every query and what it reads from
scene-grid = All { $all } heads: { $layers } layers down, { $heads } heads across; { $chosen } chosen
scene-grid-lying = All { $all } heads: { $layers } layers across, { $heads } heads down; { $chosen } chosen
axis-query = query
axis-key = reads from (key)
column-query = query
column-key = reads from
legend-range = range { $low } to { $high }
keys-sentence = Arrow keys move the query token, Escape clears the selection.
keys-heatmap = Arrow keys move between cells, Enter chooses the row.
keys-grid = Arrow keys choose another head, x switches it off or on.
keys-inside = Arrow keys choose another key.
keys-chart = Left and right arrow keys choose a head of another layer, up and down the next higher or lower value in its layer.
map-of-head = Heatmap of { $head }
map-of-layer = Heatmap of layer { $layer }
cell-none = Point at a cell to see its value.
cell = { $query } reads { $key }: { $value }
cell-hidden = { $query } reads { $key }: hidden
cell-alone = { $query } reads { $key }: not in both texts, or hidden
unit-read = { $key }, { $query } reads { $value } from it
unit-read-by-many = { $key }, { $queries } read { $value } from it on average
unit-value = { $key }, { $value } for { $queries }
head-spoken = layer { $layer }, head { $head }, { $label }, entropy { $bits } bits, { $state }
head-spoken-bare = layer { $layer }, head { $head }, { $state }
label-none = no label
state-on = on
state-off = off
all-heads = All heads
all-heads-of = { $heads ->
    [one] { $heads } head
   *[other] All { $heads } heads
 }
grid-by-place = One small heatmap for each head; { $scale }. Point to preview, click to choose.
grid-by-rank = In the chosen order, row by row, labelled with layer and head; { $scale }. Point to preview, click to choose.
scale-mean = each head's own weights, in the colours of the heatmap
scale-rollout = each head's own weights; the rollout heatmap has its own scale
scale-all = colours as in the heatmap: a square-root scale, the same for every head

## Finding heads

order = Order
order-place = layer and head
order-entropy = entropy
order-distance = distance
order-sinks = share on sinks
order-reads = weight on A
order-label = label
order-change = change
order-moved = shift from A to B
label = Label
any = any
choose-one = choose one
which-reads = Token A: which heads read it?
which-turned = Token B: which heads shifted from A to B?
head-on-text = { $head } on this text: entropy { $bits } bits, mean distance { $distance } tokens, { $sinks } of the weight on sinks.
label-told = { $label } ({ $score }): { $evidence }
no-label = None of our nine patterns fits on this text.
head-unavailable = { $head }: its weights are not available.
read-most = Most weight on { $keys } from { $queries }: { $heads }.
label-previous = previous token
label-next = next token
label-self = self
label-same = same token
label-induction = induction
label-punctuation = punctuation
label-separator = separator
label-sink = sink
label-broad = broad
evidence-read = { $score } of the weight outside sinks goes to { $keys }; uniform attention would give { $even }.
keys-previous = the previous token
keys-next = the next token
keys-self = the token itself
keys-punctuation = punctuation
keys-same = the same token elsewhere
keys-induction = the token after an earlier copy
evidence-sinks = { $score } of the weight is on sinks; uniform attention would give { $even }.
evidence-separators = { $score } of the weight is on separators; uniform attention would give { $even }.
evidence-broad = The weight outside sinks is spread as widely as uniform attention over { $score } of the tokens.

## Inside a head

inside-open = Step by step: how this weight is made
inside-none = Nothing to show yet
choose-query = Choose a query token.
numbers-later = The numbers appear once the model has loaded.
largest-first = Largest contributions first
row-temperature = Temperature of this row only {""}
back-to-one = Reset to 1
heat-model = temperature { $now } instead of 1
heat-run = temperature 1 instead of this run's { $run }
not-the-runs = at { $softened }: not this run's weights
not-the-models = at { $softened }: not the model's weights
run-is-other = This run's own weights differ.
model-is-other = These weights are not the model's.
inside-masked = { $dot } = { $product }; the mask keeps { $query } from reading { $key }.
inside-told = { $dot } = { $product }; divided by √{ $d } the score is { $score }; softmax over the row gives the weight { $weight }; multiplied by a value of length { $length } it adds a vector of length { $share } to the output.
inside-told-at = { $dot } = { $product }; divided by √{ $d } the score is { $score }; softmax over the row at { $softened } gives the weight { $weight }; multiplied by a value of length { $length } it adds a vector of length { $share } to the output.
inside-title = Inside { $head }: { $query } reads { $key }. { $told }
vector-q = q of { $query }
vector-k = k of { $key }
vector-sum = sum { $sum }
dimensions-sorted = dimensions, largest contribution first
dimensions-plain = dimensions, by number
inside-score = score
inside-weight = weight
inside-share = × |v|
word-entropy = entropy
word-sinks = sinks
word-score = score
word-value = value
word-output = output
means-query = The query vector of the token that reads; a head compares it with the key of every token.
means-key = The vector by which a token is found: the better it fits a query, the higher the score.
means-value = The vector that a token hands to those that read it; a head adds the values up, each times its weight.
means-score = Query times key, divided by the square root of their length: how well the two fit, before softmax.
means-softmax = Softmax turns the scores of a row into weights that are positive and sum to 1: e to the score, divided by the sum of all of these.
means-output = z, the output of a head for a token: the values of the tokens that it reads, each times its weight, added up.
means-sink = A sink is a token that takes much weight but adds little to the output: [CLS], [SEP], the first token, punctuation.
means-entropy = Entropy measures how widely a row is spread: 0 bits for a single token, 3 bits for eight tokens alike.
means-number = Layers and heads are counted from 0: L3 H1 is the second head of the fourth layer.
guide-point = First: point at another word.
guide-change = Now change big to small: does it still read trophy?
guide-find = Now compare both texts: which heads turn to bag?
guide-end = Hide these hints
masked = masked: cannot be read
other-keys = { $others ->
    [one] and { $others } other token with { $weight } of the weight
   *[other] and { $others } other tokens with { $weight } of the weight
 }

## Comparing

compare = Compare
compare-with = Compare with
compare-nothing = Nothing
compare-unaltered = Original model
compare-text = Another text
shown-as = Shown as
shown-difference = Difference
shown-apart = Side by side
compare-example = Example: change “big” to “small”
compare-other = The text to compare with
compare-end = Stop comparing
compared-with = Compared with
unaltered-title = The original model
nothing-altered = No difference yet: edit the model to see what changes.
no-other-text = Type the text to compare with.
same-texts = No difference: both texts are the same. Edit one to see what changes.
quoted = “{ $text }”
the-unaltered = the original model
shared-tokens = Compared with { $with }: { $shared } of { $all ->
    [one] { $all } token is in both.
   *[other] { $all } tokens are in both.
 }
no-change = No weight between these tokens differs.
marks-apart = Pointing at a token highlights it in both.
marks-difference = Blue: more than in the other. Ochre, dashed: less.
heads-change = Heads that change most (mean over all cells): { $heads }.
heads-turned = From { $query }, heads that shifted from { $from } to { $to }: { $most }. The other way: { $least }.
none = none

## Effect on the output

predict-choose = Choose a token to see what the model predicts at its position.
in-other-text = ({ $probability } in the other text)
before-change = ({ $probability } before the edit)
predicted = Predictions at { $token }, with probabilities: { $likely }.
predicts-nothing = This model turns a sentence into one vector and predicts no words. Add a second text, compare with another text or edit the model to see how similar the vectors are.
alike-pair = Cosine similarity of the two texts, each embedded alone: { $cosine }.
alike-compared = Cosine similarity of the two compared texts: { $cosine }.
alike-before = Before the edit: { $cosine }.
alike-altered = Cosine similarity of this input before and after the edit: { $cosine }.

## Other models

models-open = Choose a model
models-title = Choose a model
models-name = Model on the hub (owner/name), or the address of a GGUF file or of a model folder
models-look = Look up
models-looking = Looking up …
# $files: how many files; $name: the model's; $megabytes, $memory: numbers.
models-planned = { $name }: { $megabytes } MB in { $files ->
    [one] one file
   *[other] { $files } files
}, about { $memory } MB of memory once loaded.
models-licence = Licence: { $licence }.
models-several = This repository has several suitable files. Choose one:
models-choice = { $file }: { $megabytes } MB
models-load = Load
models-list = Suggested models
models-entry = { $name }, about { $megabytes } MB, { $licence }
models-files = Or your own files: one GGUF file, or config.json, safetensors and tokenizer.json together
models-folder = Or a folder with these files
models-hub = Hub address (change it to use a mirror)
models-hosts = Model files are downloaded from the host that you choose; your text is never sent there.
models-stored = Stored in this browser
models-kept = { $address }: { $megabytes } MB
models-forget = Remove
models-none-kept = No model is stored.
models-back = Use the built-in model
asked-model = This link uses another model: { $name }, from { $host }. Until you accept, the current model is used.
asked-request = To look up its size and licence, this page asks { $host }. Your text is not sent.
asked-stay = Keep the current model
part-encoder = Layer { $layer } is the encoder’s layer { $own }: the first text reads itself.
part-decoder = Layer { $layer } is the decoder’s layer { $own }: each token of the second text reads itself and those before it.
part-cross = Layer { $layer } is cross-attention of the decoder’s layer { $own }: the second text reads from the first.
write-on = Continue the text
writing-on = Writing …
predict-behind-choose = Choose a token to see what the model predicts after it.
predicted-behind = Predictions after { $token }, with probabilities: { $likely }.

## Charts

measure = Measure
measure-entropy = Entropy
measure-distance = Mean distance
measure-sinks = Weight on sinks
every-head = Every head, by layer
chart-later = The chart appears once the model has loaded.
# The name of a measure, and the unit of its numbers.
entropy = entropy
distance = mean distance
sink-share = weight on sinks
unit-bits = bits
unit-tokens = tokens
unit-share = share of the row
axis-measure = { $name } ({ $unit })
axis-layer = layer
axis-head = head
chart-line = line: each layer's mean
chart-title = { $name } of all { $heads } heads by layer, in { $unit }; { $chosen } chosen
chart-told = { $head }: { $name } { $value } ({ $unit }). Its layer's mean is { $mean }, that of all heads { $all }; lowest { $lowest }, highest { $highest }.
cost-heading = Cost of length
cost-square = Every token is compared with every token: a head computes n² weights for n tokens, 256 for 16 and 262,144 for 512.
cost-rest = The rest of the model grows linearly with n.
cost-measure = Measure on this device
cost-later = You can measure once the model has loaded.
cost-timed = Timing runs
cost-time = { $tokens ->
    [one] { $tokens } token { $millis } ms
   *[other] { $tokens } tokens { $millis } ms
 }
cost-told = Measured on this device, median for each length: { $times }.
cost-curve = Nearest curve: { $curve } ms; at { $longest } tokens the n² part is { $percent } % of the time.
cost-noisy = These times are too noisy to show how they grow: close other programs and measure again.
cost-own = { $tokens ->
    [one] The ring is the text on screen: { $tokens } token in { $millis } ms.
   *[other] The ring is the text on screen: { $tokens } tokens in { $millis } ms.
 }
cost-title = Time of one run by its number of tokens, up to { $tokens } tokens in { $millis } ms
axis-tokens = tokens n
axis-time = time of one run (ms)
square-alone = n² only

## Changing the model

alter = Edit
altered-list = Edited model: { $changes }
one-off = { $head } off
two-off = { $a } and { $b } off
heads-off = { $heads ->
    [one] { $heads } head off
   *[other] { $heads } heads off
 }
has-no-positions = no position information
has-another-order = words shuffled
has-temperature = softmax temperature { $temperature }
is-causal = causal mask
heads = Heads
switch-on = Switch { $head } on
switch-off = Switch { $head } off
layer-off = Switch its whole layer off
others-off = Switch all other heads off
positions-and-order = Positions and order
take-positions = Remove position information
shuffle = Shuffle the words
shuffle-again = Shuffle again
causal = Causal mask (look back only)
softmax-temperature = Softmax temperature {""}

## Saving and sharing

share = Share
copy-link = Copy the link
link-copied = Link copied.
link-copy-by-hand = Copy this link: { $link }
save-snapshot = Save a snapshot
snapshot-saved = Saved { $file }: { $kilobytes } KB, weights accurate to 0.000008. Open it on this page, or give its address to an <attn-scope> element.
open-snapshot = Open a snapshot, or drop it on the page
share-own-files = A link cannot contain your own model files: it opens with the built-in model.
pictures = Pictures
picture = Picture
picture-as = Format
save-picture = Save the picture
copy-picture = Copy the picture
numbers = Numbers
save-numbers = Save the numbers
copy-numbers = Copy the numbers
copy-caption = Copy the caption
the-sentence = the sentence
the-heatmap = the heatmap
the-heads = all heads
the-other-sentence = the other sentence
the-other-heatmap = the other heatmap
the-inside = step by step
the-chart = the chart
the-cost = the cost of length
row-csv = this row, as CSV
head-csv = this head, as CSV
# The same on the clipboard.
row-tabs = this row, as a table for spreadsheets
head-tabs = this head, as a table for spreadsheets
run-json = the whole run, as JSON
run-safetensors = the whole run, as safetensors
the-caption = the caption
on-clipboard = Copied: { $what }.
saved-file = Saved { $file }.
saved-size = Saved { $file }: { $kilobytes } KB.

## The caption of a figure

caption-weight = Attention weights of layer { $layer }, head { $head }
caption-score = Attention scores before softmax of layer { $layer }, head { $head }
caption-norm = Value-weighted norms of layer { $layer }, head { $head }
caption-mean = Mean attention weights of all heads of layer { $layer }
caption-rollout = Attention rollout from the input to layer { $layer }
caption-difference = Difference of the attention weights of layer { $layer }, head { $head }
caption-of = { $what }, { $model }, reading “{ $text }”
caption-pair = {" "}and “{ $pair }”
caption-other = , compared with “{ $other }”
caption-unaltered = , compared with the original model
caption-query = ; query “{ $query }”
caption-queries = ; mean of the queries { $queries }
caption-end = .
caption-words = Subwords are merged into words.
caption-mask = Special tokens are hidden.
caption-renormalise = Special tokens are hidden, the rest rescaled to sum to 1.
caption-altered = Edited model: { $changes }.

## Embedding

embed-open = Embed …
embed-title = Embed in your page
embed-with = Contents
embed-none = the sentence only
embed-simple = a text field and the heads
embed-full = everything
embed-language = Language
embed-readers = the reader's language
embed-still = Add a still picture for readers without JavaScript
embed-lock = Lock (readers can look, not edit)
embed-lines = Paste this where the view should appear
embed-copy = Copy the code
embed-copied = Code copied.
embed-by-hand = Select the code above and copy it.
theme = Theme
embed-readers-theme = the reader's theme
light = light
dark = dark
embed-width = Width of the preview
preview = Preview
frame-title = Attention in “{ $text }”
a-sentence = a sentence

## Keyboard

keys-title = Keyboard
key-arrows = arrow keys
keys-tab = to the next picture or control
keys-arrows = in the sentence: another query token; in the heatmap: another cell; in all heads and in their chart: another head; step by step: another key
keys-home = in the sentence: the first, the last token
keys-enter = in the heatmap: choose the row (with Shift: add it)
keys-panes = to the next, the previous pane: controls, sentence, heatmap, heads, inspector
keys-layer = the previous, the next layer
keys-head = the previous, the next head
keys-x = switch the head off or on
keys-compare = compare with another text or the original model
keys-find = find heads that read a token
keys-text = to the text
keys-escape = from the text to the picture; in a picture, clear the preview, then the selection; in a frame, return the keyboard to the page around it
keys-restore = reset the model
keys-undo = undo, redo (on a Mac with Command; Ctrl+Y redoes, too)
keys-help = show these keys
keys-letters = Keys of a single letter or sign work while a picture, its caption or the inspector has the focus

## What was wrong

# What stands before it is the place: a file, a field.
wrong = : expected { $expected }, got { $got }. { $advice }

## Parts of faults from all layers. Their English texts are those in the program (a test looks for them): they are found by them.

fault-frame = { $what }: expected { $expected }, got { $got }. { $advice }
fault-other-run = The run to compare with, { $what }
fault-link-long = The link is longer than any that this page makes.
fault-link-version = The link is of version { $version }, which this page does not know.
# What to do.
fault-do-field = Correct that field and try again.
fault-do-tokens = Tokens are counted from 0.
fault-do-heads = Layers and heads are counted from 0.
fault-do-name-token = Name one of these tokens.
fault-do-snapshot = Save the snapshot again, from the page or with `attn snapshot`.
fault-do-open = Open a file that “Save a snapshot” or `attn snapshot` made.
fault-do-wait-set = Wait for one set to resolve before the next.
fault-do-wait-run = Wait until your text has been read, and try again.
fault-do-save-anew = Try again, or in another browser.
fault-do-open-part = Open that part of the page first, or choose another picture.
fault-do-smaller = Choose a smaller scale, or SVG.
fault-do-svg = Choose SVG.
fault-do-svg-or-allow = Choose SVG, or allow this page to read its canvases.
fault-do-choose-token = Choose a token in the sentence first.
fault-do-type = Type a sentence first.
fault-do-safetensors = Take safetensors, which holds the same in a tenth of the room.
fault-do-save = Save it instead.
fault-do-reload = Reload the page, so that all its parts are of one version.
fault-do-shorter = Choose a shorter text.
fault-do-workers = Allow this page to start workers, or open it in another browser.
fault-do-restart = Start the engine again; if it stops again, try a shorter text or another browser.
fault-do-again-start = Try again: the download will start from the beginning.
fault-do-connection = Check the connection and try again.
fault-do-connection-kept = Check the connection and try again: what has arrived is kept.
fault-do-load-again = Load the model again: what has arrived is kept.
fault-do-address = Check the model's address: it is that of the folder with its manifest.json.
fault-do-memory = Close other pages, or choose a smaller model.
fault-do-other-model = Choose another model, or tell whoever runs this page.
fault-do-load = Load a model first.
fault-do-run-first = Run a text first.
fault-do-run-again = Run the text again.
fault-do-this-run = Choose a token of this run.
fault-do-this-model = Choose a head that this model has.
fault-do-heads-there = Choose heads that this model has.
fault-do-other-token = Choose another token.
fault-do-compare = Choose what to compare with.
fault-do-temperature = Choose a temperature in this range; 1 changes nothing.
fault-do-measure = Measure again.
fault-do-short = Take a shorter text: the record grows with the square of its length.
fault-do-give-text = Give the model a text, and one short enough for it.
fault-do-checkpoint = The weights hold NaN or infinite numbers; take the checkpoint from its source again.
fault-do-download = Download the file again, or convert the checkpoint again with `save_pretrained`.
fault-do-not-all = The file is of another architecture than its config.json says, or not all of it is here.
fault-do-both = config.json and the weights are of different models; take both from the same place.
fault-do-types = Save the model in one of these types, for example with `model.half()`.
fault-do-config = Take config.json as it lies beside the weights.
fault-do-sizes = Check the file: this engine computes with sizes in this range only.
fault-do-predicts = Choose a model that predicts words, such as one saved as BertForMaskedLM.
fault-do-reads = Choose a token that reads and one that is read.
fault-do-family = Choose a model of a supported family.
fault-do-variant = Choose a model without this variant.
fault-do-weights = Choose safetensors with config.json and tokenizer.json, or a GGUF file; pickled weights are not opened.
fault-do-save-tokenizer = Save the tokenizer as tokenizer.json, with `save_pretrained` of a fast tokenizer.
fault-do-tokenizer = Take the tokenizer from the same place as the weights; README lists what is supported.
fault-do-with-config = Choose config.json together with the weights.
fault-do-no-decoder = Leave decoder_input_ids out: this model has one stack of layers.
fault-do-gguf-again = Convert the checkpoint again with llama.cpp's convert_hf_to_gguf.py.
fault-do-gguf-not-all = The file is of another architecture than it says, or not all of it is here.
fault-do-gguf-keys = The file's own keys say another size; take a file that was converted anew.
fault-do-other-types = Choose the same model in one of these types, such as Q4_K_M, Q6_K or Q8_0.
fault-do-all-parts = Choose all parts together, or join them with llama.cpp's llama-gguf-split --merge.
fault-do-utf-8 = Save the file as UTF-8, or download it again.
fault-do-unquantized = Choose the model that it was quantized from, or a GGUF file of it.
fault-do-adapter = Choose the model that it was made for, or merge the two (PEFT's merge_and_unload) and save that.
fault-do-marian = Make tokenizer.json with `python docs/marian_tokenizer.py FOLDER`, as README says.
fault-do-batch = Save one text's attention without the batch: `a[0].contiguous()` for each layer.
fault-do-list = Save the list of one text, without the list of the batch around it.
fault-do-one-model = Choose the files of one model.
fault-do-writes = Choose a model such as GPT-2, SmolLM2 or T5.
fault-do-alike = Choose a model whose encoder and decoder are alike.
fault-do-as-written = Write it as on the model's page, for example HuggingFaceTB/SmolLM2-135M.
fault-do-hub = Write it as https://host, without a path that is not the mirror's.
fault-do-hub-name = Check the model's name and the hub's address.
fault-do-fewer-bits = Choose a smaller model, or the same one with fewer bits a number, as GGUF.
fault-do-cors = Check the address; the server must allow other pages to read it (CORS).
fault-do-file-there = Check that the file is still there and choose it again.
fault-do-that-file = Choose that file, too.
fault-do-file-name = Check the name of the file.
fault-do-which-gguf = Choose one file alone, or name it behind the model, as owner/name/file.gguf.
fault-do-check-file = Check the file.
fault-do-vectors = Show weights; or type, to run the model of this page.
fault-do-rollout = Show weights; rollout is of models with one stack of layers.
fault-do-as-readme = Save the file as README says under “Attention computed elsewhere”.
fault-do-not-its-tokenizer = The tokenizer is of another model than the weights.
fault-do-open-again = Open the link again.
# The place.
fault-the-file = the file
fault-the-run = the run
fault-the-picture = the picture
fault-the-numbers = the numbers
fault-the-row = the row
fault-the-json = the run as JSON
fault-the-clipboard = the clipboard
fault-the-model = the model
fault-the-token = the token
fault-the-head = the head
fault-the-input = the input
fault-the-text = the text
fault-the-worker = the engine's worker
fault-the-address = the model's address
fault-the-download = the download
fault-the-temperature = the softmax temperature
fault-a-head-off = a head to switch off
fault-to-worker = a message to the worker
fault-from-worker = a message from the worker
fault-the-safetensors = the safetensors file
fault-the-files = the model's files
fault-the-gguf = the GGUF file
fault-the-attention = the attention file
fault-in-config = `{ $field }` in config.json
# What was expected.
fault-a-snapshot = a snapshot
fault-whole-snapshot = a whole Attnscope snapshot, version 2
fault-on-screen = one that is on screen
fault-run-on-screen = one on screen
fault-head-on-screen = a head on screen
fault-chosen-token = a chosen token
fault-pixels = pixels
fault-own-colours = its own colours
fault-run-of-yours = a run of your text and settings
fault-most-pixels = at most 16000 pixels a side
fault-128 = 128 tokens at most
fault-room = room
fault-a-text = a text
fault-text = text
fault-taken-file = a file that the browser takes
fault-below = a number below { $count }
fault-place-below = a place below { $count }
fault-between = a number from { $low } to { $high }
fault-of-layers = one of { $layers } layers and { $heads } heads, both counted from 0
fault-of-tokens = one of { $count } tokens, counted from 0
fault-one-of = one of { $names }
fault-one-of-these = one of: { $names }
fault-true = true or false
fault-a-list = a list of tokens
fault-a-layer = a layer, counted from 0
fault-a-head = a head, counted from 0
fault-head-like = a layer and a head like L3H1
fault-heads-like = heads like L3 H1
fault-all-bytes = all bytes
fault-whole-file = the whole file
fault-at-most-bytes = at most { $count } bytes
fault-bytes = { $count } bytes
fault-sum = bytes of SHA-256 { $sum }
fault-rest-of-file = the rest of the file ({ $bytes })
fault-from-server = an answer from the server
fault-status-good = HTTP status 200 or 206
fault-answer = an answer
fault-starts = a worker that starts
fault-version = version { $version }
fault-loaded = one that is loaded
fault-json = a JSON object
fault-family = a supported family ({ $names })
fault-both-have = one that both texts have
fault-utf-8 = text in UTF-8
fault-whole-model = a whole model
fault-float-weights = weights of F32, F16 or BF16
fault-parts-of-one = all { $count } parts of one file
fault-parts-of = all { $count } parts of { $file }
# What came.
fault-none = none
fault-none-yet = none yet
fault-more = more
fault-another-one = another one by now
fault-a-part = a part of it
fault-a-refusal = a refusal
fault-refusal = a refusal by the browser
fault-changed-colours = colours that this browser has changed
fault-older-run = an older one
fault-unread = a file that cannot be read
fault-no-text = a file that is none
fault-status = HTTP status { $status }
fault-after-bytes = { $why } after { $bytes } bytes
fault-quiet = nothing for { $seconds } seconds
fault-stop = a request to stop
fault-not-as-many = not as many
fault-less-header = less than a header
fault-cut-header = a header that is cut
fault-other-header = a header of another kind
fault-more-than-says = more than it says
fault-behind-layer = the hidden states behind layer { $layer }
fault-behind-decoder = the hidden states behind decoder layer { $layer }
fault-finite = finite numbers
fault-not-finite = NaN or infinite ones
fault-lacks = token { $token }, which the other does not have
fault-utf-16 = text in UTF-16
fault-an-adapter = an adapter to another model
fault-bits = weights of { $bits } bits ({ $method })
fault-quantized = quantized weights ({ $method })
fault-no-part = no part { $part }
fault-lists = a list of { $count } lists
