### レッスンの文（日本語）。

## Around the steps

lesson-title = モデル自身が説明するアテンション
lesson-about = 10 の短いステップです。記事「Attention, explained without the matrices」（datarekha、2026）の考え方に沿っています。数値はすべてここで計算されます。計算するのはこのモデルと、あなたが自分で動かす小さなモデルです。
article-title = 記事が言うこと、モデルが示すこと
minutes = { $minutes ->
   *[other] { $minutes } 分
 }
all-minutes = { $minutes ->
   *[other] 全部で約 { $minutes } 分です。
 }
step-of = ステップ { $step }（全 { $steps }）
steps = ステップ
next = 次へ：{ $title }
back = 戻る
leave = レッスンを閉じる
question = 確認しよう
right = 正解です。
not-this = 少し違います。
done-mark = 見終わりました
own-sentence = 自分の文
model-coming = 保存された実行結果を表示しています。変更した結果は、モデルが届きしだい計算します。
teachers = 先生方へ
teach-about = リンクを開くと、レッスンのこのステップが開きます。ステップを並べて指定すると、それだけがその順に出てきます。下の行は、自分のどのページにも入れられます。
teach-order = 使うステップ（好きな順に）
teach-all = ステップの名前：{ $names }。
teach-unknown = { $name } という名前のステップはありません。
teach-link = リンク
teach-lines = 自分のページに入れる行
teach-copied = コピーしました。
teach-by-hand = コピーが許可されませんでした。文字列を選んで自分でコピーしてください。
copy = コピー
step-lost = { $name } という名前のステップはありません。これは最初のステップです。

## 1. The puzzle

puzzle-title = パズル
puzzle-1 = 語は一つだけではあまり多くを伝えません。「bank」は「river」（川）の隣では岸、「central」（中央）の隣では銀行です。そこでモデルは、語のベクトルをまわりの語から作り直します。では、下の文を読んでください。大きすぎるのは「trophy」（トロフィー）と「bag」（かばん）のどちらでしょう。文法の上ではどちらにもとれますが、すぐに分かります。何が何に入るものかを知っているからです。
puzzle-2 = トランスフォーマーは、同じ問いに計算で答えを出さなければなりません。どの層でも、それぞれのトークンは、自分自身を含むすべてのトークンに質問を出します。どのトークンにも、質問と照らし合わせるラベルと、渡す中身があります。どのトークンからどれだけ受け取るかは、合計が 1 になる重みの行で表されます。このような質問・ラベル・中身の一組をヘッドと呼びます。あるヘッドで「it」が何から最も多く受け取るかを予想してから、見てみましょう。
puzzle-guess = 「it」が最も多く受け取るのは…
puzzle-show = 答えを見る
puzzle-hit = 重みのうち { $weight } が「{ $token }」に向かっています。ほかのどのトークンへの重みよりも大きな値です。
puzzle-miss = 「{ $guess }」への重みは { $guessed } です。最も大きいのは「{ $token }」への { $weight } です。
puzzle-article = 記事の図では、考え方を示すために、「it」は「trophy」に 0.54、「too big」に 0.24、「in the bag」に 0.12 の重みを置いています。このモデルのこのヘッドを計算すると、{ $shares } です。
puzzle-share = { $token } に { $weight }
puzzle-big = 「… it was too big」
puzzle-small = 「… it was too small」
puzzle-question = 文の終わりを「too small」に変えると、「it」が指すのは「bag」になります。このヘッドは「trophy」から「bag」へ向きを変えるでしょうか。
puzzle-yes = 「bag」に向きを変える
puzzle-no = 「trophy」のまま変わらない
puzzle-why = 「small」にしても、読むのはやはり主に「trophy」です。このヘッドは代名詞を前に出てきたものに結びつけるだけで、大きさについて考えてはいません。ヘッドが何を読むかはモデルについての事実ですが、それだけではまだ答えの説明になりません。

## 2. A soft dictionary

dictionary-title = ソフトな辞書
dictionary-1 = 辞書は、クエリと等しいただ一つのキーを見つけて、その値を返します。アテンションは、混ぜ合わせた答えを返す辞書です。学習された三つの行列が、各トークンのベクトルから三つのベクトルを作ります。クエリ（そのトークンが探すもの）、キー（見つけてもらうための目印）、値（渡す中身）です。どのキーにも、クエリとどれだけ合うかを表すスコアがつきます。答えは、スコアの softmax で重みづけた、すべての値の平均です。
dictionary-2 = ここでは二つの数からなるベクトルで見てみます。クエリをドラッグするか、矢印キーで動かしてください。スコアは積 q · k / √2 で、クエリとキーが同じ方向を向くと大きくなります。
dictionary-plane = 平面：四つのキーの中のクエリ
dictionary-keys = 矢印キーでクエリを移動。
dictionary-query = クエリ
dictionary-key-name = キー
dictionary-answer = ソフトな答え
dictionary-told = クエリは ({ $x }, { $y }) です。ハードな答えはキー { $hard } の値です。ソフトな答えは、{ $shares } の割合で混ぜたものです。
dictionary-share = { $name } を { $share }
dictionary-score = スコア
dictionary-weight = 重み
dictionary-value = 値
dictionary-real = 同じことをモデルで
dictionary-real-about = モデルではクエリもキーも 32 個の数です。このヘッドの中の数値を開いてみましょう。「it」のクエリ、それが最もよく読むキー、そして両者の積が数ごとに見えます。
dictionary-question = クエリを (0, 0) に置いてください。ソフトな辞書は何を答えますか。
dictionary-nothing = 何も答えない：重みがすべて 0 になる
dictionary-mean = すべての値の平均：重みがすべて等しくなる
dictionary-first = 最初の値：その重みが 1 になる
dictionary-why = スコアはどれも 0 なので、重みはどれも 4 分の 1 です。softmax が配る重みの合計は、合うものが何もなくてもいつも 1 です。ヘッドは「何も読まない」ことができません。多くのヘッドが [CLS]、[SEP]、ピリオドに重みを置くことを学んだのは、おそらくそのためです（Clark ほか 2019、Xiao ほか 2023）。そこから受け取るものはわずかです。このヘッドで「it」が [CLS] に置く重みは 0.15 ですが、そこから得るベクトルの長さは 0.03 です。「bag」では重み 0.11 に対して長さ 0.37 です。

## 3. Softmax and scale

softmax-title = softmax とスケール
softmax-1 = スコアはどんな数でもかまいません。softmax はそれを重みに変えます。e のスコア乗をそれぞれ求め、それらの合計で割るのです。意味があるのは差です。スコアが 1 高ければ、重みは 2.7 倍になります。
softmax-2 = 先にすべてのスコアを温度で割ると、同じ行がなだらかになったり、鋭くなったりします。モデルは次元の数の平方根 √d で割ります。d 個の積の和は、およそ √d の幅でばらつくからです。下に「it」の行を、モデルのままの重みと、あなたの選んだ温度での重みで示します。
softmax-temperature = 温度
softmax-as-is = モデルのまま（1）
softmax-no-scale = 1/√{ $d } なし（温度 { $temperature }）
softmax-told = 最も大きいのは「{ $token }」への { $weight } です。この行のエントロピーは { $bits } ビットです。{ $count } 個のトークンすべてに均等な重みなら { $most } ビットになります。
softmax-picture = { $head } での「{ $token }」の行の重み
softmax-now = 温度 { $temperature } のとき
softmax-before = モデルのまま
softmax-article = 記事は、softmax は各スコアをスコアの合計で割ると言います。それではうまくいきません。スコアは負にもなり、合計が 0 になることもあるからです。モデルはまず e のスコア乗を求め、それから割ります。
softmax-question = 温度を無限に上げていくと、重みはどうなりますか。
softmax-even = すべて等しくなる
softmax-one = 一つが 1 になり、ほかは 0 になる
softmax-zero = すべて 0 になる
softmax-why = とても大きな数で割ると、スコアはどれもほぼ 0 になります。e の 0 乗はどれも 1 なので、行は均等になります。温度が 0 に近いと最大のスコアだけが効き、ソフトな辞書はハードな辞書になります。1/√d がないと行が鋭すぎて、訓練してもほとんど変えられません。

## 4. Self and cross

cross-title = 一つの文章の中で、二つの文章の間で
cross-1 = ここまでは、クエリもキーもすべて一つの文章のものでした。これが自己注意（self-attention）です。クエリを一方の文章から、キーと値をもう一方の文章からとれば、同じ仕組みで別の文章を読めます。これが交差注意（cross-attention）です。翻訳には三つとも必要です。読む文章は自分自身を見て、書く文章は、それまでに書いたものと、読んでいる文章とを見ます。
cross-2 = この小さな T5 は、英語の数をドイツ語で書きます。このレッスンのために、例だけから学びました。ドイツ語では 23 を「三と二十」（dreiundzwanzig）と言うので、語の対応が交差します。
cross-parts = どの文章がどの文章を読むか
cross-encoder = 英語が英語を読む
cross-decoder = ドイツ語がドイツ語を読む
cross-cross = ドイツ語が英語を読む
cross-fetch = このモデル（{ $size } MB）を取得して、ほかの数を試す
cross-number = 英語の単語で書いた数
cross-answer = ドイツ語（書けたところまで）
cross-write = モデルに書かせる
cross-writing = モデルが書いています…
cross-question = 「ドイツ語が英語を読む」で、すぐ後に「zwanzig」が来るトークンを選んでください。モデルはそこで「zwanzig」と書くことを決めます。そのトークンが読んでいるのは、どの英語の語ですか。
cross-right = 「twenty」（英語では「three」より前にあるのに）
cross-wrong-place = 英語の数の中で同じ位置にある語
cross-wrong-last = いつも最後の英語の語
cross-why = 重みは、二つの語順の違いを越えて意味をたどります。アテンションはまさにこのために考え出されました。Bahdanau、Cho、Bengio は、トランスフォーマーより 3 年早い 2014 年に、翻訳でのこのような対応を図に描きました。

## 5. Why not an RNN

rnn-title = なぜ RNN ではないのか
rnn-1 = トランスフォーマー以前、文章は再帰型ネットワークで読まれていました。一語ずつ読み、一つの状態を次へ渡していきます。最初の語が伝えたことは、その後のすべてのステップを生き延びなければなりません。アテンションなら、最後の語が最初の語を直接読みます。
rnn-2 = 最後の時点で、最初の語はまだどれだけ効いているでしょうか。それは微分で表せます。ここでは、新しい乱数の重みを持つ四つの小さなネットワークについて、正確に計算します。最初の語を少し変えると最後の出力がどれだけ動くかを、最後の語を同じだけ変えたときと比べます。訓練も同じ微分に従います。それが消えるところでは、最初の語について何も学べません。これが勾配消失です。
rnn-plain = 単純な RNN
rnn-lstm = LSTM
rnn-attentive = アテンション付き RNN
rnn-attention = 自己注意
rnn-influence = 最初のトークンが最後の出力に与える影響
rnn-axis = 影響
rnn-draw-again = 別の乱数の重みにする
rnn-computing = 計算しています…
rnn-path = { $n } 語のとき、最初の語から最後の出力までのステップ数と、一つずつ順に実行しなければならないステップ数
rnn-column-path = 経路の長さ
rnn-column-wait = 順に実行するステップ
rnn-column-model = ネットワーク
rnn-train-about = 訓練すれば影響を保つことができます。ただし代償があります。ほぼ同じ大きさの三つのネットワークを、記憶ゲームで訓練してみましょう。最大 12 個のキーとその値を見てから、そのうち一つの値を答えるゲームです。当てずっぽうなら 8 回に 1 回当たります。
rnn-train = ここで訓練する
rnn-train-stop = 止める
rnn-seed = シード
rnn-training = 訓練中（{ $model }）：ステップ { $step } / { $steps }、正答率 { $right }
rnn-left = 残り約 { $seconds } 秒。
rnn-learning = 学習中の正答率（訓練に使わない、キー 12 個の系列 500 本で測定）
rnn-recall = 12 個のキーを見たとき、どれだけ前に見たキーかによる正答率
rnn-alone = キーを一つだけ見て、すぐにその値を答えるときの正答率：{ $results }。
rnn-at-end = { $n } トークンでは、{ $results }。
rnn-spread = 自己注意はおよそ 1 / n で小さくなるだけです。乱数の重みでは、n 個のトークンにほぼ均等に重みを分けるからです。
rnn-steps = 訓練のステップ
rnn-right = 正答率
rnn-ago = それ以後に見たキーの数（そのキー自身を含む）
rnn-trained = 12 個のキーをすべて覚えて、最初のキーの値を答えるときの正答率：{ $results }。
rnn-result = { $model } { $right }
rnn-question = 100 語の文章があります。最初の語の情報は、最後の出力に届くまでに何ステップを通りますか。RNN と自己注意で答えてください。
rnn-a = 99 と 1
rnn-b = 100 と 100
rnn-c = 10 と 1
rnn-why = 再帰型ネットワークでは、情報は状態から状態へ、一つずつ順に n − 1 回通ります。自己注意では 1 回だけで、すべての語が同時に進みます。トランスフォーマーの訓練が速いのもこのためで、何も待つことがありません。LSTM は距離によって失うものが少なくなりますが、すべてのキーを大きさの決まった一つの状態に収めなければなりません。アテンションはどのキーもとっておき、必要なときに引きます。

## 6. The price

price-title = コスト
price-1 = どの語もすべての語を読めます。n 語なら n² 組の対があり、それが各層の各ヘッドにあります。文章が 2 倍になれば、対は 4 倍です。512 トークンなら 262,144 組、32,768 トークンなら 10 億組を超えます。
price-2 = 計算する対を減らす方法もあります。それぞれの語のまわりの窓の中だけを読む、あるいは、全員が読める少数の語を決めてブロックごとに読む方法です。文を書くモデルは、予測すべき語が見えないように、前だけを読みます。その結果、対も半分になります。長さを動かして、計算される量を比べてみましょう。
price-length = 長さ（トークン数）
price-pattern = パターン
price-pairs = 一つのヘッドの対の数
price-share = 全体に対する割合
price-memory = すべての重み（{ $layers } 層、各層 { $heads } ヘッド）
price-full = すべて
price-causal = 因果：前にあるものだけ
price-window = スライド窓：両側に 128 ずつ
price-causal-window = 因果のスライド窓：直前の 256
price-blocks = 64 ずつのブロック：自分、両隣、全員が読む一つ
price-article = 記事は、すべての対を同時に計算するので、1,024 トークンでの訓練は 64 トークンとほぼ同じ時間で済むと言います。しかし 1,024 トークンには 64 トークンの 256 倍の対があり、それをすべて一度に計算できる機械はありません。時間がここでどう増えるかを、下で計測してみましょう。
price-measured = この端末での計測
price-measured-about = ここにあるモデルに、いろいろな長さの文章を読ませます。計測した時間を通る曲線は a n² + b n + c です。
price-record = { $tokens } トークンで { $size }
price-records = すべての重みを含む実行の記録は、ここでは次の大きさになります：{ $sizes }。
price-record-curve = 最も近い曲線：{ $curve } MB。
price-question = 文章の長さが 3 倍になりました。対の数は何倍になりますか。
price-3 = 3 倍
price-6 = 6 倍
price-9 = 9 倍
price-why = クエリが 3 倍になり、そのそれぞれに 3 倍のキーがあるからです。短い文章では、n に比例して増えるだけの、層のほかの仕事のほうがコストがかかります。時間のうちどれだけが n² で増えるかは、計測した曲線が示します。

## 7. Many heads

heads-title = たくさんのヘッド
heads-1 = 重みの一つの行が追えるのは、一つの関係です。そこで、どの層にもいくつものヘッドが並んでいて、それぞれが自分のクエリ、キー、値を持っています。ヘッドの出力はつなぎ合わせられ、もう一つの学習された行列を掛けられます。このモデルは { $layers } 層で各層 { $heads } ヘッド、GPT-2 small は 12 層で各層 12 ヘッド、最大の GPT-3 は 96 層で各層 96 ヘッドです。
heads-2 = 小さな四角の一つ一つが、一つのヘッドのマップです。指すとそのヘッドが見え、選ぶとそのまま残ります。マップの下には、ヘッドがこの文で何をしているかと、その根拠が示されます。
heads-none = { $head }：この文章では、九つのパターンのどれにも当てはまりません。
heads-does = { $head }：{ $labels }
heads-find = 探してみよう：三つのヘッド
heads-previous = トークンが重みの半分より多くを、すぐ前のトークンに置くヘッド
heads-pronoun = 「it」が最もよく読むのが「trophy」であるヘッド
heads-sink = [CLS] か [SEP] に重みを預けるヘッド
heads-found = 見つけました：{ $head }。
heads-not-yet = まだです。図の中からヘッドを選んでください。
heads-off = { $head } をオフにする
heads-on = { $head } をもう一度オンにする
heads-lost = これがオフのときの文の埋め込みと、元の埋め込みのコサインは { $cosine } です。
heads-lost-later = 何が失われるかは、モデルが届きしだい計算します。
heads-article = 記事は、共参照を追うヘッドがあるかもしれないと言います。このモデルの代名詞のヘッドは「it」を「trophy」に 0.62 の重みで結びつけますが、「big」を「small」に変えても向きを変えません。「trophy」を読む重みは 0.62、「bag」は 0.08 です。
heads-question = 代名詞のヘッドをオフにします。文の埋め込みはどうなりますか。
heads-collapse = 別のものになる：コサインは 0 近くまで下がる
heads-little = ほとんど変わらない：コサインは 1 に近いまま
heads-why = ほとんどのヘッドは、一つだけならなくしてもあまり損失がありません。ほかのヘッドが似たことをしていますし、層が加えるものは、層がそのまま渡すものに比べて小さいからです。Michel、Levy、Neubig は 2019 年に「Are sixteen heads really better than one?」（16 個のヘッドは本当に 1 個より良いのか）と問い、多くのヘッドを取り除くことができました。目を引く図は、そのヘッドが重要だという証拠にはなりません。

## 8. Word order

order-title = 語の順序
order-1 = マスクがなければ、積の softmax は語がどこにあるかを知りません。語を並べ替えても、どの語も同じ語を同じだけ読みます（因果マスクだけでも、順序はいくらか分かります）。ですから、位置の情報を加えなければなりません。BERT は最初の層の前に、位置ごとに学習されたベクトルを足します。
order-2 = 位置情報をオフにすると、「dog bit man」と「man bit dog」はモデルにとって同じものになります。位置情報があるときにどれだけ似ているかを予想してから、切り替えてみましょう。
order-with = 位置情報あり
order-without = 位置情報なし
order-same = 二つの文の埋め込みのコサイン：{ $cosine }
order-later = モデルが届きしだい、二つの文を比べます。
order-schemes = 位置を加える五つの方法と、加えない場合
order-schemes-about = 32 か所の位置のすべてに、同じクエリと同じキーを置きます。違うのは、どこにあるかだけです。それぞれの方法がスコアに加える量を、クエリとキーの位置ごとに示します。
order-none = なし
order-sinusoidal = 正弦波（加算）
order-learned = 学習（加算）
order-buckets = 相対
order-rotary = 回転
order-alibi = ALiBi
order-none-told = スコアはすべて同じです。
order-sinusoidal-told = 「Attention is all you need」：位置の正弦と余弦をベクトルに足します。スコアは両方の位置で決まります。
order-learned-told = BERT と GPT-2：ベクトルの表を使います。ここでは、このモデル自身のベクトルの最初の 32 個の数で示します。
order-buckets-told = T5：距離をいくつかの区間に分け、区間ごとに学習された一つの数をスコアに足します。ここでは、区間が進むごとに同じ量だけ下がります。
order-rotary-told = LLaMA：クエリとキーを、位置ごとに決まった角度だけ回します。そのため、両者の積は距離だけで決まります。
order-alibi-told = BLOOM と MPT：前へ一つさかのぼるごとに一定の量が引かれ、後ろにあるものは読めません。
order-map = 加わるスコア（クエリとキーの位置ごと）：{ $scheme }
order-question = クエリとキーが文章のどこにあっても、両者の距離だけで決まるのはどれですか。
order-abc = 学習と正弦波
order-relative = 相対、回転、ALiBi
order-all-of-them = 五つすべて
order-why = 図を見ると、これらの対角線は端から端まで同じ色です。距離が同じなら、変化も同じです。この三つも、正弦波も、訓練のときより長い文章について計算できます。そこでモデルがまだうまく働くかどうかは別の問題です。回転を使うモデルでは角度の調整が必要です。学習されたベクトルの表は、最後の行で終わってしまいます。

## 9. Layers

layers-title = 層
layers-1 = どの層も、それまでの層が書いたものを読みます。アテンションは層の半分にすぎません。その後ろに MLP があり、これはトークンを一つずつ処理する小さなネットワークです。どちらも、トークンのベクトルを置き換えるのではなく、出力を足します。この和を残差ストリームと呼びます。ですから、後のヘッドが見るトークンは、すでに文脈を含んでいます。初めのほうのヘッドは隣を読むという報告は多くありますが、この文では、このモデルの層 0 が最も広く読んでいます。決まりを期待せず、モデルごとに見てください。
layers-2 = ヘッドの特徴を表す数が二つあります。一つは行のエントロピーで、トークンが少しのものしか読まないところでは低くなります。もう一つは、読むものまでの平均距離です。この文、またはあなた自身の文について、すべての層の値を示します。
layers-layer = 層 { $layer }
layers-entropy = エントロピー（ビット）
layers-distance = 距離（トークン）
layers-picture = 各層のヘッドの平均と、点で示した各ヘッド
layers-told = エントロピーが最も低いのは層 { $low } の { $low_bits } ビット、最も高いのは層 { $high } の { $high_bits } ビットです。
layers-question = あるヘッドが、重みのほとんどを一つの語に置いています。その語は、モデルの答えの説明になりますか。
layers-explains = なる：読んだものが答えを決める
layers-not = それだけではならない
layers-why = 重みが表すのは、値をどれだけ取り込むかです。その値が何を含むかも、後の層がそれをどう使うかも表しません。0 に近い値に大きな重みがついても、何も加わりません。ある語が重要だと言うには、何かを変えて見てみることです。ヘッドをオフにする、語を変える、比べる。重みがどこまで説明になるかについては、Jain と Wallace（2019）、Wiegreffe と Pinter（2019）が論じ合っています。

## 10. The family tree

family-title = モデルの一族
family-1 = 名前を聞いたことのあるモデルはどれも、この演算に MLP、正規化、残差ストリームを組み合わせて積み重ねたものです。違うのは、深さ、幅、ヘッドの数、訓練の目的、位置の加え方、そして MLP と正規化の細部です。
family-2 = 重みが公開されていて、ページで扱える大きさのモデルは、クリックするとレッスンを離れ、作業画面で取り寄せを求めます。取得を始める前に大きさが示されます。重みが非公開のモデルは、外部のだれもそのヘッドを見ることができません。GPT-4、Claude、Gemini については、この表の数値さえ公表されていません。
family-name = モデル
family-year = 年
family-layers = 層
family-width = 幅
family-heads = ヘッド
family-size = パラメータ
family-objective = 訓練の内容
family-positions = 位置の方式
family-weights = 重み
family-load = { $name } を読み込む
family-open = 公開：作業画面で開く
family-large = 公開、ページには大きすぎます（{ $size } GB）
family-terms = 条件付き
family-closed = 非公開
family-here = 今ここに
family-stacks = { $encoder } + { $decoder }
family-shared = { $heads }（キーは { $shared }）
family-million = { $count }M
family-billion = { $count }B
family-masked-next = 穴埋めと、二つの文章が続くかどうかの判定
family-masked = 穴埋め
family-span = 抜き取られた部分を書く
family-next = 次のトークンを予測する
family-contrast = 似た文を近くに置く
family-learned = 学習
family-buckets = 相対
family-rotary = 回転
family-question = この中で、十分に小さければこのページで動かせるのはどれで、決して動かせないのはどれですか。
family-some = 重みが公開されているものすべて。GPT-3 は決して動かせない
family-every = すべて動かせる
family-only = このモデルだけ
family-why = 計算は同じで、公開されています。GPT-3 に欠けているのは、その重みです。ここで見たことはすべて、重みが手に入るどのモデルでもできます。一つ読み込んで、作業画面を開いてみましょう。
family-end = レッスンはこれで終わりです。ヘッドが何を読むか、重みがどう作られるか、何を渡すか、アテンションにどれだけコストがかかるか、語順がどう入るか、そして重みだけではなぜ答えの説明にならないかを、言えるようになりました。画面にあるものはそのまま残ります。レッスンを閉じて、作業画面で自分の文を試してください。
