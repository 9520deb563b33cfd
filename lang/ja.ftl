### ページのすべての文（日本語）。

## The language itself

language = 日本語
direction = ltr
decimal-mark = .
list-comma = 、
between-sentences = {""}

## All over the page

close = 閉じる
cancel = 中止
try-again = もう一度試す
restore = 元に戻す (r)
picture-none = まだ何も描かれていません。

## The head of the page

tagline = 本物のトランスフォーマーのすべてのヘッドが、どんな文でも何に注意を向けるかを見る。
undo = ↶ 元に戻す
redo = ↷ やり直す
keys = ? キー操作
to-dark = ☾ 暗く
to-light = ☀ 明るく
choose-language = 言語
explains-nothing = アテンションはヘッドがどこを読むかを示すもので、モデルがなぜそう判断したかを示すものではありません。判断の説明ではないのです。
stays-here = すべての計算はあなたのブラウザの中で行われ、入力した文が外に出ることはありません。
needs-script = Attnscope はブラウザの中でニューラルネットワークを動かすため、JavaScript と WebAssembly が必要です。
start-file = このページはファイルとして開かれましたが、ブラウザではそのまま起動できません。フォルダーをウェブサーバーで公開してください。たとえば、そのフォルダーで「python3 -m http.server」を実行し、http://localhost:8000/ を開きます。
start-wasm = Attnscope には WebAssembly が必要ですが、ここでは使えないか、禁止されています。ロックダウンモード、ブラウザの設定、またはこのサイトの Content-Security-Policy で禁止されていることがあります。このページで許可するか、別のブラウザを使ってください。
start-part = このページの一部を読み込めませんでした：{ $file }。接続を確認して、ページを再読み込みしてください。それでも直らない場合は、このサイトの運営者に知らせてください。
start-failed = ページを起動できませんでした：{ $error }。再読み込みするか、新しいバージョンのブラウザを使ってください。
not-found = このアドレスには何もありません。
is-here = Attnscope はこちらです。
lesson-open = レッスン
lesson-coming = レッスンを読み込んでいます…
lesson-lost = レッスンを取得できませんでした。

## The text

region-text = 文
type-a-sentence = 文を入力
second-text = 一つ目と一緒に読まれる二つ目の文
examples = 例
or-try = または例から
example-big = トロフィー（big）
example-small = トロフィー（small）
example-animal = 動物
example-banks = 二つの bank
example-pair = 文の組
add-second = ＋ 二つ目の文
drop-second = − 二つ目の文
invitation = 上に文を入力するか例を一つ選ぶと、語が互いに何を読んでいるかが見えます。
cut-limit = モデルが読むのは最大 { $limit } トークンです。
cut-rest = 最後の { $left } 文字（「{ $rest }…」以降）は読まれません。

## The model, and how far it is

saved-own = この文の保存された実行結果を表示しています。
saved-other = モデルが届きしだい、入力した文を読みます。
saved-by = { $model } による保存された実行結果を表示しています。
computed-elsewhere = 別の場所で { $model } が計算した注意を表示しています。
model-waits = それ以上を求めるとモデルを取得します。
fetch-now = 今すぐ取得
model-starting = モデルを探しています…
model-preparing = モデルを展開しています…
model-download = モデルのダウンロード
model-downloading = モデルをダウンロード中：{ $total } MB のうち { $got } MB、{ $seconds } 秒経過
model-reading = このブラウザの保存領域からモデルを読み込み中：{ $total } MB のうち { $got } MB、{ $seconds } 秒経過
seconds-left = 、残り { $seconds } 秒
model-retrying = { $seconds } 秒後に、止まったところからもう一度試します。
model-stopped = ダウンロードを止めました。届いた分は残っています。
carry-on = 続ける
engine-silent = エンジンが応答しません。このまま待つことも、起動し直すこともできます。入力した文は残ります。
engine-again = 起動し直す
model-ready = { $name }：{ $layers } 層、各層 { $heads } ヘッド、{ $millions } 百万パラメータ
tokens-read = { $tokens } トークンをこの端末で { $millis } ミリ秒で読みました
reading-on = 読んでいます…
layers-read = { $all } 層のうち { $here } 層を読みました…
version-here = 新しい版があります。 {""}
version-take = 再読み込みして使う
tools-lost = このページの道具を取得できませんでした。画面にあるものはそのまま使えます。 {""}
link-lost = このリンクの一部を読めませんでした。{ $faults }
whole-page = Attnscope で開く

## What is shown, and how

region-view = 表示
layer = 層
head = ヘッド
one-less = { $name }を一つ戻す
one-more = { $name }を一つ進める
show = 見るもの
show-weight = 重み
show-score = softmax 前のスコア
show-norm = 値で重みづけたノルム
show-mean = 層のヘッドの平均
show-rollout = 層までのロールアウト
draw-as = 描き方
arcs = 弧
columns = 二列
as-text = 文章
by-itself = 自動
units = 単位
tokens = トークン
words = 単語
special-tokens = 特殊トークン
special-show = 表示
special-mask = 隠すだけ
special-renormalise = 再正規化
mass-before = 重みの {""}
mass-after = {" "}% を占める線

## Names of pictures

title-weight = 層 { $layer }、ヘッド { $head }
title-score = 層 { $layer }、ヘッド { $head }：softmax 前のスコア
title-norm = 層 { $layer }、ヘッド { $head }：値で重みづけたノルム
title-mean = 層 { $layer }：ヘッドの平均
title-rollout = 入力から層 { $layer } までのロールアウト
title-difference = 層 { $layer }、ヘッド { $head }：重みの差
name-mean = { $layer } のヘッドの平均
name-rollout = { $layer } までのロールアウト

## What a row says

weights = 重み
scores = スコア
norms = ノルム
shares = 割合
differences = 差
weight-one = が読むもの：
weight-many = が平均して読むもの：
score-one = が与えるスコア：
score-many = が平均して与えるスコア：
norm-one = が受け取るもの：
norm-many = が平均して受け取るもの：
rollout-one = の由来：
rollout-many = の平均した由来：
difference-one = の読み方の変化：
difference-many = の平均した読み方の変化：
row-spoken = { $name }：{ $queries } { $verb } { $keys }
row-spoken-none = { $name }、トークンは選ばれていません
choose-a-token = トークンを選ぶと、それが何を読むかが見えます。いま描かれているのは { $name } の最も強い{ $what } { $count } 本です。
hides-mean = 平均は各ヘッドの働きを隠し、どのヘッドもしていないことを示すこともあります
hides-rollout = ロールアウトは各層で各トークンの半分がそのまま残るとみなし、ヘッドと値を隠します
sum-weight = 重みの和は { $sum }
sum-score = softmax 前のスコア：互いの隔たりだけに意味があります
sum-norm = 長さの和は { $sum }、ベクトルは打ち消し合うことがあります
sum-rollout = 割合の和は { $sum }
sum-difference = 差の和は { $sum }
drawn = { $tokens } トークンのうち { $keys } への線がその { $percent } % を占めます
drawn-score = { $tokens } トークンのうち { $keys } への線が、そこから生じる重みの { $percent } % を占めます
drawn-difference = { $tokens } トークンのうち { $keys } への線が、変化全体の { $percent } % を占めます
hidden = 特殊トークンへの { $amount } は隠れています
hidden-scaled = 特殊トークンへの { $amount } は隠れ、残りは 1 になるよう拡大されています
dot-means = 点は単語の続きの断片を表します
line-means = 下線のトークンはモデルの語彙になく、どれも一つの未知トークンとして読まれます
formula-means = このトークンに対するヘッドの出力：読まれるトークンの値をこれらの重みで混ぜたもの
formula-rest = { $weight } V(ほか { $others } トークン)
formula-special = { $weight } V(特殊トークン)
table-title = { $name }：{ $queries } が読むもの
table-token = トークン
table-place = 位置
column-weight = 重み
column-score = スコア
column-norm = ノルム
column-difference = 差
table-hide = 表を隠す
table-show = この行を表で見る

## Pictures, and what keys do in them

region-sentence = 文の図
region-heatmap = ヒートマップ
region-heatmap-other = 比較相手のヒートマップ
form-arcs = 弧
form-columns = 二列
form-text = 文章
scene-strongest = { $name }：最も強い{ $what } { $count } 本（{ $form }）
scene-reads = { $name }：{ $queries } が読むもの（{ $form }）
scene-heatmap = { $name }：すべてのクエリとその読むもののヒートマップ
scene-grid = 全 { $all } ヘッド：縦に { $layers } 層、横に { $heads } ヘッド、{ $chosen } を選択中
scene-grid-lying = 全 { $all } ヘッド：横に { $layers } 層、縦に { $heads } ヘッド、{ $chosen } を選択中
axis-query = クエリ
axis-key = 読まれる側（キー）
column-query = クエリ
column-key = 読まれる側
legend-range = ここでは { $low } ～ { $high }
keys-sentence = 矢印キーでクエリのトークンを移動、Escape で選択を解除。
keys-heatmap = 矢印キーでセルを移動、Enter でその行を選択。
keys-grid = 矢印キーで別のヘッドを選択、x でオン・オフを切り替え。
keys-inside = 矢印キーでキーのトークンを移動。
keys-chart = 左右の矢印キーで別の層のヘッド、上下の矢印キーで同じ層の値が隣のヘッドを選択。
map-of-head = このヘッド、すべてのクエリ
map-of-layer = この層、すべてのクエリ
map-of-other = 比較相手、すべてのクエリ
cell-none = セルを指すと数値が読めます。
cell = { $query } が読む { $key }：{ $value }
cell-hidden = { $query } が読む { $key }：非表示
cell-alone = { $query } が読む { $key }：両方の文にはないか、非表示
all-heads = すべてのヘッド
grid-by-place = ヘッドごとの小さな図。{ $scale }。指すとプレビュー、クリックで選択。
grid-by-rank = 選んだ順に一行ずつ、それぞれ層とヘッドで名づけて表示。{ $scale }。指すとプレビュー、クリックで選択。
scale-mean = 各ヘッド自身の重みを、その平均のヒートマップの色で表示
scale-rollout = 各ヘッド自身の重みを表示。ロールアウトのヒートマップは独自の尺度
scale-all = 色はヒートマップと同じ、全ヘッド共通の平方根の尺度

## Finding heads

find-a-head = ヘッドを探す
order = 並び順
order-place = 層とヘッド
order-entropy = エントロピー（少ない順）
order-distance = 距離（短い順）
order-sinks = シンクへの重み（少ない順）
order-reads = ここで選んだトークンを読む強さ
order-label = ラベルの当てはまりのよさ
order-change = 変化の大きさ（大きい順）
order-moved = 二つ目のトークンへ移った大きさ
heads-that-are = ヘッドの種類
any = すべて
choose-one = 選んでください
which-reads = このトークンを読むヘッドは？
which-turned = それからこちらへ移ったヘッドは？
head-on-text = この文での { $head }：エントロピー { $bits } ビット、平均距離 { $distance } トークン、重みの { $sinks } がシンクへ。
label-told = { $label }（{ $score }）：{ $evidence }
no-label = ラベルなし。
read-most = { $queries } から { $keys } を最もよく読むのは { $heads } です。
label-previous = 前のトークン
label-next = 次のトークン
label-self = 自分自身
label-same = 同じトークン
label-induction = 誘導
label-punctuation = 句読点
label-separator = 区切り
label-sink = シンク
label-broad = 広く均等
evidence-read = シンク以外への重みの { $score } が{ $keys }に向かいます。均等に読めば { $even } です。
keys-previous = 前のトークン
keys-next = 次のトークン
keys-self = そのトークン自身
keys-punctuation = 句読点
keys-same = 別の場所の同じトークン
keys-induction = 以前の同じトークンの次に来たもの
evidence-sinks = 重みの { $score } がシンクにあります。均等に読めば { $even } です。
evidence-separators = 重みの { $score } が区切りにあります。均等に読めば { $even } です。
evidence-broad = シンク以外への重みは、トークンの { $score } に均等に広がっているのと同じです。

## Inside a head

inside-open = このヘッドの中
inside-close = ヘッドの中を閉じる
inside-none = 中を見るものがありません
choose-query = クエリのトークンを選んでください。
numbers-later = 数値はモデルと一緒に届きます。
largest-first = 寄与の大きい順
row-temperature = この行だけの温度 {""}
back-to-one = 1 に戻す
heat-model = 温度 1 ではなく { $now }
heat-run = この実行の { $run } ではなく温度 1
not-the-runs = { $softened }：この実行の重みではありません
not-the-models = { $softened }：モデルの重みではありません
run-is-other = この実行の重みは別のものです。
model-is-other = これはモデルの重みではありません。
inside-masked = { $dot } = { $product }。マスクにより { $query } は { $key } を読めません。
inside-told = { $dot } = { $product }。√{ $d } で割ったスコアは { $score }、行の softmax を経た重みは { $weight }、値の長さ { $length } を掛けた出力への割合は { $share } です。
inside-told-at = { $dot } = { $product }。√{ $d } で割ったスコアは { $score }、行の softmax（{ $softened }）を経た重みは { $weight }、値の長さ { $length } を掛けた出力への割合は { $share } です。
inside-title = { $head } の中：{ $query } が { $key } を読む。{ $told }
vector-q = { $query } の q
vector-k = { $key } の k
vector-sum = 和 { $sum }
dimensions-sorted = 次元（加える量の順）
dimensions-plain = 次元（番号順）
inside-score = スコア
inside-weight = 重み
inside-share = 重み × |v|
masked = マスクされ、読めません
other-keys = ほか { $others } トークンが重みの { $weight } を占めます

## Comparing

compare = 比較
compare-with = 比較の相手
compare-nothing = なし
compare-unaltered = 変更前
compare-text = 別の文
shown-as = 表示の仕方
shown-difference = 差
shown-apart = 並べて
compare-example = 例：「big」を「small」に変えると何が動くか
compare-other = 比較する文
compared-with = 比較の相手
unaltered-title = 変更前のモデル
nothing-altered = まだ違いはありません。モデルを変えると、何が動くかが見えます。
no-other-text = 比較する文を入力してください。
same-texts = 違いはありません。両方の文が同じです。片方を変えると、何が動くかが見えます。
quoted = 「{ $text }」
the-unaltered = 変更前のモデル
shared-tokens = { $with }と比較：{ $all } トークンのうち { $shared } が両方にあります。
no-change = それらの間の重みに違いはありません。
marks-apart = トークンごとに、両方にあるものは両方で光ります。
marks-difference = 青の実線は相手より多く、黄土色の破線や縞は少ないことを表します。
heads-change = 全セルの平均で最も変わるヘッド：{ $heads }。
heads-turned = { $query } を読むとき、{ $from } から { $to } へ移ったヘッド：{ $most }。逆向き：{ $least }。
none = なし

## What comes of it

downstream-open = その先に起きること
downstream-close = その先に起きることを閉じる
predict-choose = トークンを選ぶと、その位置にモデルが何を予測するかが見えます。
in-other-text = （別の文では { $probability }）
before-change = （変更前は { $probability }）
predicted = { $token } の位置にモデルが予測する語と確率：{ $likely }。
predicts-nothing = このモデルは文から一つのベクトルを作り、語は予測しません。二つ目の文を足すか、別の文と比べるか、モデルを変えると、どれほど似ているとみなすかが見えます。
alike-pair = 二つの文を別々に読んだ埋め込みのコサインは { $cosine } です。
alike-compared = この文と比較する文の埋め込みのコサインは { $cosine } です。
alike-before = 変更前は { $cosine } でした。
alike-altered = この入力の埋め込みと変更前の埋め込みのコサインは { $cosine } です。

## Other models

models-open = 別のモデルを選ぶ …
models-title = モデルを選ぶ
models-name = ハブのモデル（owner/name）、または GGUF ファイルかモデルのフォルダーのアドレス
models-look = 調べる
models-looking = 調べています …
models-planned = { $name }：{ $files } 個のファイルで { $megabytes } MB、読み込み後のメモリーは約 { $memory } MB です。
models-licence = ライセンス：{ $licence }。
models-load = 読み込む
models-list = はじめてのモデル
models-entry = { $name }、約 { $megabytes } MB、{ $licence }
models-files = または手元のファイル：GGUF ファイル一つ、あるいは config.json と safetensors と tokenizer.json をまとめて
models-folder = またはそれらの入ったフォルダー
models-hub = ハブのアドレス（ミラーを使う場合）
models-hosts = モデルのファイルは指定したホストから取得します。入力した文章はそこへ送られません。
models-stored = このブラウザーに保存済み
models-kept = { $address }：{ $megabytes } MB
models-forget = 削除
models-none-kept = 保存されたモデルはありません。
models-back = このページのモデルに戻る
asked-model = 開いたものは別のモデルを指しています：{ $name }（{ $host }）。同意するまでは、今あるモデルが文を読みます。
asked-request = その大きさとライセンスは { $host } だけが知っています。調べるには、このページがそこに問い合わせます。入力した文は送られません。
asked-stay = 今のモデルのままにする
part-encoder = 層 { $layer } はエンコーダーの層 { $own } です。一つ目の文章が自分自身を読みます。
part-decoder = 層 { $layer } はデコーダーの層 { $own } です。二つ目の文章の各トークンが、それより前を読みます。
part-cross = 層 { $layer } はデコーダーの層 { $own } の交差注意です。二つ目の文章が一つ目から読みます。
write-on = モデルに続きを書かせる
writing-on = モデルが書いています …
predict-behind-choose = トークンを選ぶと、その次にモデルが予測するものが見えます。
predicted-behind = { $token } の次にモデルが予測するもの（確率つき）：{ $likely }。

## Charts

charts = グラフ
charts-close = グラフを閉じる
measure = 尺度
measure-entropy = エントロピー
measure-distance = 平均距離
measure-sinks = シンクへの重み
every-head = 層ごとの全ヘッド
chart-later = グラフはモデルと一緒に届きます。
entropy = エントロピー
distance = 平均距離
sink-share = シンクへの重み
unit-bits = ビット
unit-tokens = トークン
unit-share = 行に占める割合
axis-measure = { $name }（{ $unit }）
axis-layer = 層
axis-head = ヘッド
chart-line = 線：各層の平均
chart-title = 全 { $heads } ヘッドの層ごとの{ $name }（単位：{ $unit }）、{ $chosen } を選択中
chart-told = { $head }：{ $name } { $value }（{ $unit }）。層の平均は { $mean }、全ヘッドの平均は { $all }。最小 { $lowest }、最大 { $highest }。
cost-heading = 長さのコスト
cost-square = どのトークンもすべてのトークンと比べられます。ヘッドは n トークンに対し n² 個の重みを計算し、16 トークンなら 256、512 トークンなら 262,144 です。
cost-rest = モデルの残りの部分は n に比例して増えるだけです。
cost-measure = この端末で測る
cost-later = モデルが届いたら測れます。
cost-timed = 計測した実行
cost-time = { $tokens } トークン { $millis } ミリ秒
cost-told = ここで測った各長さの中央値：{ $times }。
cost-curve = 最も近い曲線：{ $curve } ミリ秒。{ $longest } トークンでは n² の部分が時間の { $percent } % を占めます。
cost-own = 輪は画面の文：{ $tokens } トークンで { $millis } ミリ秒。
cost-title = トークン数ごとの一回の実行時間、{ $tokens } トークンで { $millis } ミリ秒まで
axis-tokens = トークン数 n
axis-time = 一回の実行時間（ミリ秒）
square-alone = n² のみ

## Changing the model

alter = モデルを変える
altered = モデルが変更されています：
altered-list = { $changes }。 {""}
one-off = { $head } がオフ
two-off = { $a } と { $b } がオフ
heads-off = { $heads } 個のヘッドがオフ
has-no-positions = 位置情報なし
has-another-order = 語を別の順序で読む
has-temperature = softmax の温度は { $temperature }
is-causal = どのトークンも後ろを読まない
heads = ヘッド
switch-on = { $head } をオンにする
switch-off = { $head } をオフにする
layer-off = この層全体をオフにする
others-off = このヘッド以外をオフにする
positions-and-order = 位置と順序
take-positions = 位置情報を取り除く
shuffle = 語を並べ替える
shuffle-again = もう一度並べ替える
causal = 前だけを読む（因果マスク）
softmax-temperature = softmax の温度 {""}

## Saving and sharing

share = 保存と共有
copy-link = リンクをコピー
link-copied = リンクをクリップボードにコピーしました。
link-copy-by-hand = このリンクをコピーしてください：{ $link }
save-snapshot = スナップショットを保存
snapshot-saved = { $file } を保存しました（{ $kilobytes } KB、重みの誤差は最大 0.000008）。ここで開くか、そのアドレスを <attn-scope> に渡してください。
open-snapshot = スナップショットを開く（ページにドロップもできます）
share-own-files = リンクはあなたのファイルを指せません。開くと、このページのモデルになります。
pictures = 図
picture = 図
picture-as = 形式
save-picture = 図を保存
copy-picture = 図をコピー
numbers = 数値
save-numbers = 数値を保存
copy-numbers = 数値をコピー
copy-caption = 説明文をコピー
the-sentence = 文の図
the-heatmap = ヒートマップ
the-heads = すべてのヘッド
the-other-sentence = 比較相手の文の図
the-other-heatmap = 比較相手のヒートマップ
the-inside = ヘッドの中
the-chart = グラフ
the-cost = 長さのコスト
row-csv = この行（CSV）
head-csv = このヘッド（CSV）
row-tabs = この行（表計算ソフト用の表）
head-tabs = このヘッド（表計算ソフト用の表）
run-json = 実行全体（JSON）
run-safetensors = 実行全体（safetensors）
the-caption = 説明文
on-clipboard = { $what }をクリップボードにコピーしました。
saved-file = { $file } を保存しました。
saved-size = { $file } を保存しました（{ $kilobytes } KB）。

## The caption of a figure

caption-weight = 層 { $layer }、ヘッド { $head } のアテンションの重み
caption-score = 層 { $layer }、ヘッド { $head } の softmax 前のアテンションのスコア
caption-norm = 層 { $layer }、ヘッド { $head } の値で重みづけたノルム
caption-mean = 層 { $layer } の全ヘッドのアテンションの重みの平均
caption-rollout = 入力から層 { $layer } までのアテンションのロールアウト
caption-difference = 層 { $layer }、ヘッド { $head } のアテンションの重みの差
caption-of = { $what }（{ $model }）、文「{ $text }」
caption-pair = と「{ $pair }」
caption-other = 、「{ $other }」と比較
caption-unaltered = 、変更前のモデルと比較
caption-query = 、クエリ「{ $query }」
caption-queries = 、クエリ{ $queries }の平均
caption-end = 。
caption-words = 単語の断片は単語にまとめています。
caption-mask = 特殊トークンは隠しています。
caption-renormalise = 特殊トークンは隠し、残りを 1 になるよう拡大しています。
caption-altered = モデルは変更されています：{ $changes }。

## In a page of one's own

embed-open = 埋め込む…
embed-title = 自分のページに置く
embed-with = 含めるもの
embed-none = 文の図だけ
embed-simple = 入力欄とそのヘッド
embed-full = すべて
embed-language = 言語
embed-readers = 読む人の言語
embed-still = JavaScript のない読者のために静止画も入れる
embed-lock = 読者は何も変えられない
embed-lines = 置きたい場所にこの行を入れてください
embed-copy = 行をコピー
embed-copied = 行をクリップボードにコピーしました。
embed-by-hand = 上の行を選んでコピーしてください。
embed-preview = このように見えます
preview = プレビュー
frame-title = 「{ $text }」のアテンション
a-sentence = 文

## Keys

keys-title = キー操作
key-arrows = 矢印キー
keys-tab = 次の図や操作部品へ
keys-arrows = 文の図では別のクエリのトークン、ヒートマップでは別のセル、全ヘッドとそのグラフでは別のヘッド、ヘッドの中では別のキーへ
keys-home = 文の図で最初、最後のトークンへ
keys-enter = ヒートマップで行を選択（Shift と一緒なら追加）
keys-x = 全ヘッドでヘッドのオン・オフを切り替え
keys-escape = 解除：まずプレビュー、次にトークン
keys-restore = モデルを元に戻す
keys-undo = 元に戻す、やり直す
keys-help = このキー一覧

## What was wrong

wrong = ：必要なもの：{ $expected }、実際：{ $got }。{ $advice }

## Parts of faults from all layers

fault-frame = { $what }：必要なもの：{ $expected }、実際：{ $got }。{ $advice }
fault-other-run = 比較する実行、{ $what }
fault-link-long = このリンクは、このページが作るどのリンクよりも長すぎます。
fault-link-version = リンクは版 { $version } のもので、このページはその版を知りません。
fault-do-field = その項目を直してもう一度試してください。
fault-do-tokens = トークンは 0 から数えます。
fault-do-heads = 層とヘッドは 0 から数えます。
fault-do-name-token = これらのトークンのどれかを指定してください。
fault-do-snapshot = ページまたは `attn snapshot` でスナップショットを保存し直してください。
fault-do-open = 「スナップショットを保存」または `attn snapshot` で作ったファイルを開いてください。
fault-do-wait-set = 前の set が終わるのを待ってください。
fault-do-wait-run = 文が読まれるまで待ってから、もう一度試してください。
fault-do-save-anew = もう一度、または別のブラウザで試してください。
fault-do-open-part = まずページのその部分を開くか、別の図を選んでください。
fault-do-smaller = 倍率を下げるか、SVG を選んでください。
fault-do-svg = SVG を選んでください。
fault-do-svg-or-allow = SVG を選ぶか、このページにキャンバスの読み取りを許可してください。
fault-do-choose-token = まず文の中のトークンを選んでください。
fault-do-type = まず文を入力してください。
fault-do-safetensors = safetensors を選んでください。同じ内容が十分の一の大きさに入ります。
fault-do-save = 代わりに保存してください。
fault-do-reload = ページを再読み込みして、すべての部分を同じ版にしてください。
fault-do-shorter = もっと短い文にしてください。
fault-do-workers = このページにワーカーの起動を許可するか、別のブラウザで開いてください。
fault-do-restart = エンジンを起動し直してください。また止まるときは、短い文か別のブラウザを試してください。
fault-do-again-start = もう一度試してください。ダウンロードは最初から始まります。
fault-do-connection = 接続を確かめて、もう一度試してください。
fault-do-connection-kept = 接続を確かめて、もう一度試してください。届いた分は残っています。
fault-do-load-again = モデルを読み込み直してください。届いた分は残っています。
fault-do-address = モデルのアドレスを確かめてください。manifest.json のあるフォルダのアドレスです。
fault-do-memory = ほかのページを閉じるか、もっと小さいモデルを選んでください。
fault-do-other-model = 別のモデルを選ぶか、このページの運営者に知らせてください。
fault-do-load = まずモデルを読み込んでください。
fault-do-run-first = まず文を実行してください。
fault-do-run-again = 文をもう一度実行してください。
fault-do-this-run = この実行のトークンを選んでください。
fault-do-this-model = このモデルにあるヘッドを選んでください。
fault-do-heads-there = このモデルにあるヘッドを選んでください。
fault-do-other-token = 別のトークンを選んでください。
fault-do-compare = 比較の相手を選んでください。
fault-do-temperature = この範囲の温度を選んでください。1 なら何も変わりません。
fault-do-measure = もう一度測ってください。
fault-do-short = もっと短い文にしてください。記録は長さの二乗で増えます。
fault-do-give-text = モデルに収まる長さの文を与えてください。
fault-do-checkpoint = 重みに NaN か無限大があります。配布元からもう一度取得してください。
fault-do-download = ファイルをもう一度ダウンロードするか、`save_pretrained` でもう一度変換してください。
fault-do-not-all = ファイルが config.json と違う構造のものか、全部はそろっていません。
fault-do-both = config.json と重みが別々のモデルのものです。同じ場所から取得してください。
fault-do-types = これらの型のどれかで保存してください。たとえば `model.half()` を使います。
fault-do-config = 重みの隣にある config.json をそのまま使ってください。
fault-do-sizes = ファイルを確かめてください。このエンジンはこの範囲の大きさだけを扱います。
fault-do-predicts = 語を予測するモデルを選んでください。たとえば BertForMaskedLM として保存されたものです。
fault-do-reads = 読む側と読まれる側のトークンを選んでください。
fault-do-family = 対応している系列のモデルを選んでください。
fault-do-variant = この変種ではないモデルを選んでください。
fault-do-weights = safetensors と config.json と tokenizer.json、または GGUF ファイルを選んでください。pickle の重みは開きません。
fault-do-save-tokenizer = 高速トークナイザーの `save_pretrained` で tokenizer.json として保存してください。
fault-do-tokenizer = 重みと同じ場所のトークナイザーを使ってください。対応するものは README にあります。
fault-do-with-config = config.json を重みと一緒に選んでください。
fault-do-no-decoder = decoder_input_ids を省いてください。このモデルの層の積み重ねは一つです。
fault-do-gguf-again = llama.cpp の convert_hf_to_gguf.py で変換し直してください。
fault-do-gguf-not-all = ファイルは自称とは別の構造か、全部がそろっていません。
fault-do-gguf-keys = ファイル自身のキーは別の大きさを示しています。変換し直したファイルを使ってください。
fault-do-one-model = 一つのモデルのファイルを選んでください。
fault-do-writes = GPT-2、SmolLM2、T5 のようなモデルを選んでください。
fault-do-alike = エンコーダーとデコーダーが同じ形のモデルを選んでください。
fault-do-as-written = モデルのページと同じように書いてください。例：HuggingFaceTB/SmolLM2-135M
fault-do-hub = https://host の形で、ミラーのもの以外のパスを付けずに書いてください。
fault-do-hub-name = モデルの名前とハブのアドレスを確かめてください。
fault-do-fewer-bits = 小さいモデルか、同じモデルのビット数の少ない GGUF を選んでください。
fault-do-cors = アドレスを確かめてください。サーバーがほかのページからの読み取りを許す必要があります（CORS）。
fault-do-file-there = ファイルがまだあるか確かめ、もう一度選んでください。
fault-do-that-file = そのファイルも選んでください。
fault-do-file-name = ファイルの名前を確かめてください。
fault-do-which-gguf = owner/name/file.gguf のように、モデルの後にファイル名を書いてください。
fault-do-check-file = ファイルを確かめてください。
fault-do-vectors = 重みを表示するか、文章を入力してこのページのモデルを動かしてください。
fault-do-rollout = 重みを表示してください。ロールアウトは層の積み重ねが一つのモデルのものです。
fault-do-as-readme = README の “Attention computed elsewhere” のとおりにファイルを保存してください。
fault-do-not-its-tokenizer = トークナイザが重みとは別のモデルのものです。
fault-do-open-again = リンクをもう一度開いてください。
fault-the-file = ファイル
fault-the-run = 実行
fault-the-picture = 図
fault-the-numbers = 数値
fault-the-row = 行
fault-the-json = 実行の JSON
fault-the-clipboard = クリップボード
fault-the-model = モデル
fault-the-token = トークン
fault-the-head = ヘッド
fault-the-input = 入力
fault-the-text = 文
fault-the-worker = エンジンのワーカー
fault-the-address = モデルのアドレス
fault-the-download = ダウンロード
fault-the-temperature = softmax の温度
fault-a-head-off = オフにするヘッド
fault-to-worker = ワーカーへのメッセージ
fault-from-worker = ワーカーからのメッセージ
fault-the-safetensors = safetensors ファイル
fault-in-config = config.json の `{ $field }`
fault-a-snapshot = スナップショット
fault-whole-snapshot = 完全な Attnscope のスナップショット（版 2）
fault-on-screen = 画面にあるもの
fault-run-on-screen = 画面にあるもの
fault-head-on-screen = 画面にあるヘッド
fault-chosen-token = 選ばれたトークン
fault-pixels = 画素
fault-own-colours = 図そのものの色
fault-run-of-yours = 今の文と設定による実行
fault-most-pixels = 一辺 16000 画素以下
fault-128 = 128 トークン以下
fault-room = 空き
fault-a-text = 文字列
fault-text = 文字列
fault-taken-file = ブラウザが受け取るファイル
fault-below = { $count } 未満の数
fault-place-below = { $count } 未満の位置
fault-between = { $low } から { $high } までの数
fault-of-layers = { $layers } 層と { $heads } ヘッドのどれか（どちらも 0 から数える）
fault-of-tokens = { $count } トークンのどれか（0 から数える）
fault-one-of = { $names } のどれか
fault-one-of-these = 次のどれか：{ $names }
fault-true = true か false
fault-a-list = トークンのリスト
fault-a-layer = 0 から数えた層
fault-a-head = 0 から数えたヘッド
fault-head-like = L3H1 のような層とヘッド
fault-heads-like = L3 H1 のようなヘッド
fault-all-bytes = すべてのバイト
fault-whole-file = ファイル全体
fault-bytes = { $count } バイト
fault-at-most-bytes = { $count } バイト以下
fault-sum = SHA-256 が { $sum } のバイト列
fault-rest-of-file = ファイルの残り（{ $bytes }）
fault-from-server = サーバーの応答
fault-status-good = HTTP ステータス 200 か 206
fault-answer = 応答
fault-starts = 起動するワーカー
fault-version = 版 { $version }
fault-loaded = 読み込まれたモデル
fault-json = JSON オブジェクト
fault-family = 対応している系列（{ $names }）
fault-both-have = 両方の文にあるもの
fault-none = なし
fault-none-yet = まだなし
fault-more = それ以上
fault-another-one = 今は別のもの
fault-a-part = その一部
fault-a-refusal = 拒否
fault-refusal = ブラウザの拒否
fault-changed-colours = このブラウザが変えた色
fault-older-run = 前の実行
fault-unread = 読めないファイル
fault-no-text = 文字列ではないファイル
fault-status = HTTP ステータス { $status }
fault-after-bytes = { $why }（{ $bytes } バイトの後）
fault-stop = 停止の要求
fault-not-as-many = それより少ない数
fault-less-header = ヘッダーに満たないもの
fault-cut-header = 途中で切れたヘッダー
fault-other-header = 別の種類のヘッダー
fault-more-than-says = 書かれているより多いもの
fault-behind-layer = 層 { $layer } の後の隠れ状態
fault-behind-decoder = デコーダー層 { $layer } の後の隠れ状態
fault-finite = 有限の数
fault-not-finite = NaN または無限大
fault-lacks = 相手にないトークン { $token }
