### The lesson's texts. Another language is a file beside this one with the same messages: see README.md.

## Around the steps

lesson-title = Attention, explained by the model itself
lesson-about = Ten short steps. Every number is computed here: by the model, or by the small models that you start yourself.
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
question = A question
right = Right.
not-this = Not this one.
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
puzzle-1 = Read the sentence below. What is too big, the trophy or the bag? You know at once, though the grammar allows both: you know what fits into what.
puzzle-2 = A transformer has to settle the same question with arithmetic. In every layer each word may read from all the others, and how much it reads from which is a row of weights that sum to 1. Such a way of reading is called a head. Guess what “it” reads from in one of them, then look.
puzzle-guess = “it” reads most from …
puzzle-show = Show me
puzzle-hit = { $weight } of its weight goes to “{ $token }”, more than to any other.
puzzle-miss = Its weight on “{ $guess }” is { $guessed }. Most, { $weight }, goes to “{ $token }”.
puzzle-big = … it was too big
puzzle-small = … it was too small
puzzle-question = Change the end to “too small”: now the bag is meant. Does this head turn from the trophy to the bag?
puzzle-yes = It turns to the bag
puzzle-no = It stays with the trophy
puzzle-why = With “small” it still reads mostly from the trophy. This head links a pronoun with a thing named before; it does not reason about sizes. What a head reads is a fact about the model, not yet an explanation of an answer.

## 2. A soft dictionary

dictionary-title = A soft dictionary
dictionary-1 = A dictionary finds the one key that equals your query and returns its value. Attention is a dictionary that answers with a mixture: every key gets a score, how well it goes with the query, and the answer is the average of all values, weighted by softmax of the scores.
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
dictionary-why = Every score is 0, so every weight is one quarter. Softmax always hands out a total of 1: a head that has nothing to look for must still put its weight somewhere. That is why many heads park it on [CLS], [SEP] or a full stop.

## 3. Softmax and scale

softmax-title = Softmax and scale
softmax-1 = Scores may be any numbers. Softmax makes them into weights: e to the power of each, over the sum of all. What counts are differences: 1 more of score is 2.7 times the weight.
softmax-2 = Divide all scores by a temperature first, and the same row becomes softer or sharper. The model divides by √d, the root of the number of dimensions, because a sum of d products varies by about √d. Below is the row of “it”, as the model has it and with your temperature.
softmax-temperature = Temperature
softmax-as-is = As the model has it (1)
softmax-no-scale = Without 1/√{ $d } (temperature { $temperature })
softmax-told = Most goes to “{ $token }”: { $weight }. The entropy of the row is { $bits } bits; even weights on all { $count } tokens would have { $most }.
softmax-picture = Weights of the row of “{ $token }” in { $head }
softmax-now = at temperature { $temperature }
softmax-before = as in the model
softmax-question = What becomes of the weights as the temperature grows without end?
softmax-even = All become equal
softmax-one = One becomes 1, the others 0
softmax-zero = All become 0
softmax-why = Divided by a huge number all scores are nearly 0, and e to the power of 0 is 1 for each: an even row. At a temperature near 0 only the largest score counts, and the soft dictionary becomes a hard one. Without 1/√d a row is so sharp that training can hardly change it.

## 4. Self and cross

cross-title = Within one text, and between two
cross-1 = So far all queries and keys were of one text: self-attention. The same machine reads from another text when the queries come from one and the keys and values from the other: cross-attention. A translator needs all three: the text it reads looks at itself, the text it writes looks at what it has written, and at what it reads.
cross-2 = This small T5 writes English numbers as German ones. It learnt that from examples alone, for this lesson. Germans say “three and twenty” (dreiundzwanzig), so the words cross.
cross-parts = Who reads from whom
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
rnn-2 = How much does the first word still matter at the end? That is a derivative, and here it is computed exactly, for four small networks with fresh random weights: how far a small change of the first word moves the last output, compared with the same change of the last word.
rnn-plain = plain RNN
rnn-lstm = LSTM
rnn-attentive = RNN with attention
rnn-attention = self-attention
rnn-influence = Influence of the first token on the last output
rnn-axis = influence
rnn-draw-again = Other random weights
rnn-computing = Computing …
rnn-path = Steps from the first word to the last output, and steps that wait for each other, for { $n } words
rnn-column-path = longest way
rnn-column-wait = waiting steps
rnn-column-model = network
rnn-train-about = Influence that vanishes can be trained not to, at a price. Train three networks of the same size on a game of memory: see up to 12 keys with their values, then name the value of one of them. Guessing is right once in eight.
rnn-train = Train them here (about { $seconds } seconds)
rnn-train-stop = Stop
rnn-seed = Seed
rnn-training = Training the { $model }: step { $step } of { $steps }, { $right } right
rnn-learning = Right answers while it learns
rnn-recall = Right answers by how long ago the key was seen, with 12 keys seen
rnn-alone = Of a key seen just before, with nothing else, the value is named right by { $results }.
rnn-at-end = At { $n } tokens: { $results }.
rnn-steps = steps of training
rnn-right = right answers
rnn-ago = keys seen since, itself included
rnn-trained = With all 12 keys seen, the value of the first is named right by { $results }.
rnn-result = { $model } { $right }
rnn-question = A text has 100 words. Through how many steps must the first word’s news go to reach the last output, in an RNN and with self-attention?
rnn-a = 99 and 1
rnn-b = 100 and 100
rnn-c = 10 and 1
rnn-why = In a recurrent network from state to state, n − 1 times, one after the other; with self-attention once, and all words at the same time. That is also why transformers train fast: nothing waits. The LSTM loses less by distance, but it must hold all keys in one state of fixed size; attention keeps every key and looks it up.

## 6. The price

price-title = The price
price-1 = Every word may read from every word: n words have n² pairs, in each head of each layer. Twice the text is four times the pairs. 512 tokens have 262,144; 32,768 have over a billion.
price-2 = Many have tried to pay less: to read backwards only, in a window around each word, or in blocks with a few words that all may read. Move the length and compare what is computed.
price-length = Length in tokens
price-pattern = who reads whom
price-pairs = pairs in one head
price-share = of all
price-memory = all weights, { $layers } layers of { $heads } heads
price-full = everyone reads everyone
price-causal = only what came before
price-window = 128 on either side
price-causal-window = the last 256
price-blocks = blocks of 64, three around and one for all
price-measured = Measured on your device
price-measured-about = The model here reads texts of different lengths; the curve through the times is a n² + b n + c.
price-record = { $tokens } tokens { $size }
price-records = The record of a run, with all weights, takes here: { $sizes }.
price-record-curve = Nearest curve: { $curve } MB.
price-question = Your text becomes three times as long. How many times as many pairs are there?
price-3 = 3
price-6 = 6
price-9 = 9
price-why = Three times the queries, each with three times the keys. For short texts the other work of a layer, which grows with n alone, costs more: see in the measured curve how long a text must be until the square takes over.

## 7. Many heads

heads-title = Many heads
heads-1 = One row of weights can follow one relation. So every layer has several heads side by side, each with its own queries, keys and values. This model has { $layers } layers of { $heads }; GPT-2 has 12 of 12, the largest GPT-3 96 of 96.
heads-2 = Each small square is one head’s map of the sentence. Point at one to look, choose one to keep it. What a head does on this sentence is told in words, with the number that speaks for it.
heads-none = { $head }: nothing that has a name on this sentence.
heads-does = { $head }: { $labels }
heads-find = Three to find
heads-previous = A head in which nearly every token reads the one before it
heads-pronoun = The head in which “it” reads most from “trophy”
heads-sink = A head that parks its weight on [CLS] or [SEP]
heads-found = Found: { $head }.
heads-not-yet = Not yet: choose a head in the picture.
heads-off = Switch { $head } off
heads-on = Switch { $head } on again
heads-lost = Without it the sentence’s embedding has a cosine of { $cosine } with what it was.
heads-lost-later = What is lost is computed as soon as the model is here.
heads-question = You switch the pronoun head off. What happens to the embedding of the sentence?
heads-collapse = It becomes another one: the cosine falls near 0
heads-little = Hardly anything: the cosine stays near 1
heads-why = Most single heads can go with little loss: others do similar things, and what a layer adds is small beside what it passes on. Michel, Levy and Neubig asked in 2019 “Are sixteen heads really better than one?” and could drop many. A striking picture is not proof that a head matters.

## 8. Word order

order-title = Word order
order-1 = Softmax of products does not know where a word stands: shuffle the words and every word still reads the same from the same. So positions have to be told separately. BERT adds a learned vector for each place before the first layer.
order-2 = Take positions away, and “dog bit man” and “man bit dog” are the same to the model. Try it.
order-with = With positions
order-without = Without positions
order-same = Cosine of the two sentences’ embeddings: { $cosine }
order-later = The two sentences are compared as soon as the model is here.
order-schemes = Five ways to tell positions, and none
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
order-why = In the picture their diagonals have one colour from end to end: the same distance, the same change. Such schemes can be used on texts longer than those of the training; a table of learned vectors ends at its last row.

## 9. Layers

layers-title = Layers
layers-1 = Every layer reads what the one before has written, so later heads look at words that already carry their context. Early heads often read neighbours; later ones reach farther or rest on a separator.
layers-2 = Two numbers tell heads apart: the entropy of their rows, low where a token reads from few, and the mean distance to what is read. Here they are for every layer, on this sentence or on your own.
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

family-title = The family tree
family-1 = The models you have heard of are this machine with other numbers: how deep, how wide, how many heads, what they were trained to do, how they are told positions.
family-2 = Where the weights are open, a click asks for them; you are told the size before anything is fetched. Where they are closed, nobody outside can look at their heads.
family-name = model
family-year = year
family-layers = layers
family-width = width
family-heads = heads
family-size = parameters
family-objective = trained to
family-positions = positions
family-weights = weights
family-load = Load { $name }
family-open = open
family-terms = on terms
family-closed = closed
family-here = here now
family-stacks = { $encoder } + { $decoder }
family-shared = { $heads } ({ $shared } of keys)
family-million = { $count } million
family-billion = { $count } billion
family-masked-next = fill gaps, and tell if two texts follow
family-masked = fill gaps
family-span = write cut-out spans
family-next = say the next token
family-contrast = put like sentences near each other
family-learned = learned
family-buckets = relative
family-rotary = rotary
family-question = Which of them could this page run if it were small enough, and which never?
family-some = All with open weights; GPT-3 never
family-every = All of them
family-only = Only this one
family-why = The arithmetic is the same and public; what is missing of GPT-3 are its weights. Everything you have seen here works for any model whose weights you can get: load one, and open the workbench.
family-end = That was the lesson. What is on screen stays: close the lesson and go on in the workbench with your own sentences.
