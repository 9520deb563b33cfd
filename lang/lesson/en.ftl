### The lesson's texts. Another language is a file beside this one with the same messages: see README.md.

## Around the steps

lesson-title = Attention, explained by the model itself
lesson-about = Ten short steps. They follow the ideas of the article “Attention, explained without the matrices” (datarekha, 2026). Every number is computed here: by the model, or by the small models that you start yourself.
article-title = The article says, the model says
minutes = { $minutes ->
    [one] One minute
   *[other] { $minutes } minutes
 }
all-minutes = { $minutes ->
    [one] One minute in all.
   *[other] About { $minutes } minutes in all.
 }
step-of = Step { $step } of { $steps }
steps = Steps
next = Next: { $title }
back = Back
leave = Close the lesson
question = Check yourself
right = Right.
not-this = Not quite.
done-mark = seen
own-sentence = Your own sentence
model-coming = Shown from a saved run; what you change is computed as soon as the model is here.
teachers = For teachers
teach-about = A link opens the lesson at this step. With a list of steps the lesson has only those, in your order. The lines put them into any page of yours.
teach-order = Steps, in your order
teach-all = The steps are called { $names }.
teach-unknown = There is no step called { $name }.
teach-link = Link
teach-lines = Lines for your page
teach-copied = Copied.
teach-by-hand = Copying was refused: select the text and copy it yourself.
copy = Copy
step-lost = There is no step called { $name }: this is the first one.

## 1. The puzzle

puzzle-title = The puzzle
puzzle-1 = A word alone says little: “bank” beside “river” is a shore, beside “central” it is an institution. So a model makes the vector of each word anew from the words around it. Now read the sentence below. What is too big, the trophy or the bag? You know at once, though the grammar allows both: you know what fits into what.
puzzle-2 = A transformer has to settle the same question with arithmetic. In every layer, each token asks a question of all tokens, itself included; each token has a label that the question is compared with, and contents that it hands over. How much a token takes from each is a row of weights that add up to 1. One such way to ask, label and hand over is called a head. Guess what “it” takes most from in one of them, then look.
puzzle-guess = “it” takes most from …
puzzle-show = Show me
puzzle-hit = { $weight } of its weight goes to “{ $token }”, more than to any other.
puzzle-miss = Its weight on “{ $guess }” is { $guessed }. Most, { $weight }, goes to “{ $token }”.
puzzle-article = The article draws “it” with 0.54 on “trophy”, 0.24 on “too big” and 0.12 on “in the bag”, to show the idea. This head of the model, computed: { $shares }.
puzzle-share = { $weight } on { $token }
puzzle-big = … it was too big
puzzle-small = … it was too small
puzzle-question = Change the end to “too small”: now the bag is meant. Does this head turn from the trophy to the bag?
puzzle-yes = It turns to the bag
puzzle-no = It stays with the trophy
puzzle-why = With “small” it still reads mostly from the trophy. This head links a pronoun with a thing named before; it does not reason about sizes. What a head reads is a fact about the model, not yet an explanation of an answer.

## 2. A soft dictionary

dictionary-title = A soft dictionary
dictionary-1 = A dictionary finds the one key that equals your query and returns its value. Attention is a dictionary that answers with a mixture. Three learned matrices make three vectors of each token’s vector: a query (what the token looks for), a key (what it can be found by) and a value (what it hands over). Every key gets a score, how well it fits the query, and the answer is the average of all values, weighted by softmax of the scores.
dictionary-2 = Here with vectors of two numbers. Drag the query, or move it with the arrow keys. The score is the product q · k / √2: large where query and key point the same way.
dictionary-plane = The plane: a query among four keys
dictionary-keys = Arrow keys move the query.
dictionary-query = query
dictionary-key-name = key
dictionary-answer = soft answer
dictionary-told = Query ({ $x }, { $y }). The hard answer is the value of key { $hard }. The soft one takes { $shares }.
dictionary-share = { $share } of { $name }
dictionary-score = score
dictionary-weight = weight
dictionary-value = value
dictionary-real = The same in the model
dictionary-real-about = In the model a query and a key have 32 numbers. Open the numbers inside this head: the query of “it”, the key that it reads most, and their product number by number.
dictionary-question = Put the query at (0, 0). What does the soft dictionary answer?
dictionary-nothing = Nothing: all weights are 0
dictionary-mean = The mean of all values: all weights are equal
dictionary-first = The first value: its weight is 1
dictionary-why = Every score is 0, so every weight is one quarter. Softmax always hands out a total of 1, also where nothing fits: a head cannot read nothing. This is probably why many heads have learned to put weight on [CLS], [SEP] or a full stop (Clark et al. 2019, Xiao et al. 2023). What they take there is little: in this head “it” has weight 0.15 on [CLS] and gets a vector of length 0.03 from it; “bag” has 0.11 and gives one of length 0.37.

## 3. Softmax and scale

softmax-title = Softmax and scale
softmax-1 = Scores may be any numbers. Softmax makes weights of them: e to the power of each score, divided by the sum of all these powers. What counts are differences: a score that is higher by 1 gets 2.7 times the weight.
softmax-2 = Divide all scores by a temperature first, and the same row becomes softer or sharper. The model divides by √d, the root of the number of dimensions, because a sum of d products varies by about √d. Below is the row of “it”, as the model has it and with your temperature.
softmax-temperature = Temperature
softmax-as-is = As the model has it (1)
softmax-no-scale = Without 1/√{ $d } (temperature { $temperature })
softmax-told = Most goes to “{ $token }”: { $weight }. The entropy of the row is { $bits } bits; even weights on all { $count } tokens would have { $most }.
softmax-picture = Weights of the row of “{ $token }” in { $head }
softmax-now = at temperature { $temperature }
softmax-before = as in the model
softmax-article = The article says that softmax divides each score by the sum of all scores. That would fail, as scores can be negative and can add up to 0. The model takes e to the power of each score first, then divides.
softmax-question = What happens to the weights as the temperature goes to infinity?
softmax-even = All become equal
softmax-one = One becomes 1, the others 0
softmax-zero = All become 0
softmax-why = Divided by a huge number all scores are nearly 0, and e to the power of 0 is 1 for each: an even row. At a temperature near 0 only the largest score counts, and the soft dictionary becomes a hard one. Without 1/√d a row is so sharp that training can hardly change it.

## 4. Self and cross

cross-title = Within one text, and between two
cross-1 = So far all queries and keys were of one text: self-attention. The same machine reads from another text when the queries come from one and the keys and values from the other: cross-attention. A translator needs all three: the text it reads looks at itself, the text it writes looks at what it has written, and at what it reads.
cross-2 = This small T5 writes English numbers as German ones. It learnt that from examples alone, for this lesson. Germans say “three and twenty” (dreiundzwanzig), so the words cross.
cross-parts = Which text reads which
cross-encoder = English reads English
cross-decoder = German reads German
cross-cross = German reads English
cross-fetch = Load this model ({ $size } MB) and try other numbers
cross-number = A number in English words
cross-answer = In German, as far as it is written
cross-write = Let the model write
cross-writing = The model is writing …
cross-question = In “German reads English”, choose the token after which “zwanzig” comes: there the model decides to write it. Which English word does it read?
cross-right = “twenty”, though in English it stands before “three”
cross-wrong-place = The word at the same place in the English number
cross-wrong-last = Always the last English word
cross-why = The weights follow the meaning across the two orders. That is what attention was invented for: Bahdanau, Cho and Bengio drew such alignments of translations in 2014, three years before the transformer.

## 5. Why not an RNN

rnn-title = Why not an RNN
rnn-1 = Before transformers, texts were read by recurrent networks: word by word, with one state that is passed on. What the first word said must survive every later step. With attention the last word reads the first directly.
rnn-2 = How much does the first word still matter at the end? That is a derivative, and here it is computed exactly, for four small networks with fresh random weights: how far a small change of the first word moves the last output, compared with the same change of the last word. Training follows the same derivative: where it vanishes, nothing is learned about the first word. That is the vanishing gradient.
rnn-plain = plain RNN
rnn-lstm = LSTM
rnn-attentive = RNN with attention
rnn-attention = self-attention
rnn-influence = Influence of the first token on the last output
rnn-axis = influence
rnn-draw-again = Other random weights
rnn-computing = Computing …
rnn-path = Steps from the first word to the last output, and steps that must run one after another, for { $n } words
rnn-column-path = path length
rnn-column-wait = steps one after another
rnn-column-model = network
rnn-train-about = Training can preserve the influence, at a price. Train three networks of about the same size on a game of memory: see up to 12 keys with their values, then name the value of one of them. Guessing is right once in eight.
rnn-train = Train them here
rnn-train-stop = Stop
rnn-seed = Seed
rnn-training = Training the { $model }: step { $step } of { $steps }, { $right } right
rnn-left = About { $seconds } s left.
rnn-learning = Right answers while they learn, on 500 held-out sequences of 12 keys
rnn-recall = Right answers by how long ago the key was seen, with 12 keys seen
rnn-alone = Of a key seen just before, with nothing else, the value is named right by { $results }.
rnn-at-end = At { $n } tokens: { $results }.
rnn-spread = Self-attention falls only about as 1 / n: with random weights it shares its weight almost evenly among the n tokens.
rnn-steps = steps of training
rnn-right = right answers
rnn-ago = keys seen since, itself included
rnn-trained = With all 12 keys seen, the value of the first is named right by { $results }.
rnn-result = { $model } { $right }
rnn-question = A text has 100 words. How many steps does information from word 1 pass through until the last output, in an RNN and with self-attention?
rnn-a = 99 and 1
rnn-b = 100 and 100
rnn-c = 10 and 1
rnn-why = In a recurrent network information goes from state to state, n − 1 times, one after the other; with self-attention once, and for all words at the same time. That is also why transformers train fast: no step waits for the one before. The LSTM loses less by distance, but it must hold all keys in one state of fixed size; attention keeps every key and looks it up.

## 6. The price

price-title = The price
price-1 = Every word may read from every word: n words have n² pairs, in each head of each layer. Twice the text is four times the pairs. 512 tokens have 262,144; 32,768 have over a billion.
price-2 = Others compute fewer pairs: a window around each word, or blocks with a few words that all may read. A model that writes looks back only, so that it cannot see the word that it must predict; that halves the pairs, too. Move the length and compare what is computed.
price-length = Length in tokens
price-pattern = pattern
price-pairs = pairs in one head
price-share = of all
price-memory = all weights, { $layers } layers of { $heads } heads
price-full = full
price-causal = causal: only what came before
price-window = sliding window: 128 on either side
price-causal-window = causal sliding window: the last 256
price-blocks = blocks of 64: its own, both neighbours, and one that all read
price-article = The article says that training on 1,024 tokens takes about as long as on 64, as all pairs are computed at the same time. But 1,024 tokens have 256 times the pairs of 64, and no machine computes all of them at once. Measure below how the time grows here.
price-measured = Measured on your device
price-measured-about = The model here reads texts of different lengths; the curve through the times is a n² + b n + c.
price-record = { $tokens } tokens { $size }
price-records = The record of a run, with all weights, takes here: { $sizes }.
price-record-curve = Nearest curve: { $curve } MB.
price-question = Your text becomes three times as long. By what factor does the number of pairs grow?
price-3 = 3
price-6 = 6
price-9 = 9
price-why = Three times the queries, each with three times the keys. For short texts the other work of a layer, which grows with n alone, costs more: the measured curve says which share of the time grows with the square.

## 7. Many heads

heads-title = Many heads
heads-1 = One row of weights can follow one relation. So every layer has several heads side by side, each with its own queries, keys and values; their outputs are joined end to end and multiplied by one more learned matrix. This model has { $layers } layers of { $heads } heads, GPT-2 small 12 of 12, the largest GPT-3 96 of 96.
heads-2 = Each small square is the map of one head. Point at one to look, choose one to keep it. Below the grid: what the head does on this sentence, and the evidence.
heads-none = { $head }: none of our nine patterns fits on this text.
heads-does = { $head }: { $labels }
heads-find = Three to find
heads-previous = A head in which the tokens put more than half of their weight on the token before them
heads-pronoun = The head in which “it” reads most from “trophy”
heads-sink = A head that parks its weight on [CLS] or [SEP]
heads-found = Found: { $head }.
heads-not-yet = Not yet: choose a head in the picture.
heads-off = Switch { $head } off
heads-on = Switch { $head } on again
heads-lost = Without it the sentence’s embedding has a cosine of { $cosine } with what it was.
heads-lost-later = What is lost is computed as soon as the model is here.
heads-article = The article expects a head that follows coreference. The pronoun head of this model links “it” with “trophy” by 0.62, but it does not turn when “big” becomes “small”: it still reads “trophy” with 0.62, and “bag” with 0.08.
heads-question = You switch the pronoun head off. What happens to the embedding of the sentence?
heads-collapse = It becomes another one: the cosine falls near 0
heads-little = Hardly anything: the cosine stays near 1
heads-why = Most single heads can go with little loss: others do similar things, and what a layer adds is small beside what it passes on. Michel, Levy and Neubig asked in 2019 “Are sixteen heads really better than one?” and could drop many. A striking picture is not proof that a head matters.

## 8. Word order

order-title = Word order
order-1 = Without a mask, softmax of products does not know where a word stands: shuffle the words and every word still reads the same from the same. (A causal mask alone gives some order away.) So position has to be added. BERT adds a learned vector for each place before the first layer.
order-2 = Switch positions off, and “dog bit man” and “man bit dog” are the same to the model. Guess how alike they are with positions, then switch.
order-with = With positions
order-without = Without positions
order-same = Cosine of the two sentences’ embeddings: { $cosine }
order-later = The two sentences are compared as soon as the model is here.
order-schemes = Five ways to add position, and none
order-schemes-about = One query and one key at every place of 32: all that differs is where they stand. What each scheme adds to the score, by the places of query and key:
order-none = none
order-sinusoidal = sines, added
order-learned = learned, added
order-buckets = relative
order-rotary = rotary
order-alibi = ALiBi
order-none-told = Every score is the same.
order-sinusoidal-told = “Attention is all you need”: sines and cosines of the place, added to the vectors. The score depends on both places.
order-learned-told = BERT and GPT-2: a table of vectors. Shown with the first 32 numbers of each of this model’s own.
order-buckets-told = T5: one learned number for each bucket of distances, added to the score. Here they fall evenly from bucket to bucket.
order-rotary-told = LLaMA: query and key are turned by an angle for each place, so that their product depends on the distance alone.
order-alibi-told = BLOOM and MPT: each step back costs a fixed amount, and nothing that comes after may be read.
order-map = Score added, query by key place: { $scheme }
order-question = Which of these depend on the distance between query and key alone, wherever in the text they are?
order-abc = Learned and sines
order-relative = Relative, rotary and ALiBi
order-all-of-them = All five
order-why = In the picture their diagonals have one colour from end to end: the same distance, the same change. These three, and sines as well, can be computed for texts longer than those of the training. Whether the model still works there is another question: rotary models need their angles rescaled. A table of learned vectors ends at its last row.

## 9. Layers

layers-title = Layers
layers-1 = Every layer reads what the layers before it have written. Attention is only half of a layer: behind it stands an MLP, a small network that works on each token alone. Both add their output to the token’s vector instead of replacing it; this sum is the residual stream. So later heads look at tokens that already carry their context. Many papers report early heads that read neighbours; on this sentence layer 0 of this model is the broadest. Look at each model instead of expecting a rule.
layers-2 = Two numbers describe a head: the entropy of its rows, low where a token reads from few, and the mean distance to what it reads. Here they are for every layer, on this sentence or on your own.
layers-layer = layer { $layer }
layers-entropy = entropy in bits
layers-distance = distance in tokens
layers-picture = Mean over the heads of each layer, and each head as a dot
layers-told = Lowest entropy: layer { $low } with { $low_bits } bits; highest: layer { $high } with { $high_bits }.
layers-question = A head puts most of its weight on one word. Does that word explain the model’s answer?
layers-explains = Yes: what is read is what decides
layers-not = Not by itself
layers-why = A weight says how much of a value is taken, not what that value holds, nor what later layers make of it. A large weight on a value near 0 adds nothing. To say that a word matters, change something and look: switch a head off, change the word, compare. Jain and Wallace (2019) and Wiegreffe and Pinter (2019) argue about how far weights explain.

## 10. The family tree

family-title = The family
family-1 = The models you have heard of are stacks of this operation, with MLPs, norms and a residual stream around it. They differ in depth, width and number of heads, in what they were trained to do, in how position is added, and in details of MLPs and norms.
family-2 = Where the weights are open and small enough for a page, a click leaves the lesson and asks for the model in the workbench, where you see its size before anything is fetched. Where they are closed, nobody outside can look at the heads. Of GPT-4, Claude and Gemini not even the numbers of this table are published.
family-name = model
family-year = year
family-layers = layers
family-width = width
family-heads = heads
family-size = parameters
family-objective = trained to
family-positions = position scheme
family-weights = weights
family-load = Load { $name }
family-open = open in the workbench
family-large = open, too large for a page: { $size } GB
family-terms = on terms
family-closed = closed
family-here = here now
family-stacks = { $encoder } + { $decoder }
family-shared = { $heads } ({ $shared } of keys)
family-million = { $count } million
family-billion = { $count } billion
family-masked-next = fill gaps, and say whether two texts follow each other
family-masked = fill gaps
family-span = write the spans that were cut out
family-next = predict the next token
family-contrast = place similar sentences together
family-learned = learned
family-buckets = relative
family-rotary = rotary
family-question = Which of them could this page run if it were small enough, and which never?
family-some = All with open weights; GPT-3 never
family-every = All of them
family-only = Only this one
family-why = The arithmetic is the same and public; what is missing of GPT-3 are its weights. Everything you have seen here works for any model whose weights you can get: load one, and open the workbench.
family-end = That was the lesson. You can now say what a head reads and how its weights are made, what it hands on, what attention costs, how word order gets in, and why a weight alone explains no answer. What is on screen stays: close the lesson and try it in the workbench with your own sentences.
