### كل نصوص الصفحة بالعربية.

## The language itself

language = العربية
direction = rtl
decimal-mark = .
list-comma = {"، "}
between-sentences = {" "}

## All over the page

close = إغلاق
cancel = إلغاء
try-again = حاول مرة أخرى
restore = أعد النموذج إلى أصله (r)
scene-waiting = جملتك. لم يقرأها النموذج بعد.
picture-none = لم يُرسم شيء بعد.

## The head of the page

undo = تراجع
redo = إعادة
keys = لوحة المفاتيح
to-dark = ☾ داكن
to-light = ☀ فاتح
choose-language = اللغة
more = المزيد
notes = ملاحظات
skip-to-picture = إلى الرسم
region-page = الصفحة
region-caption = شرح الرسم
inspector = التفاصيل
tab-heads = الرؤوس
tab-heatmap = خريطة حرارية
tab-row = الصف
tab-steps = خطوة خطوة
tab-effect = الأثر
tab-charts = مخططات
explains-nothing = يبيّن الانتباه من أين يقرأ الرأس، لا لماذا يقرر النموذج.
stays-here = يُحسب كل شيء في متصفحك، ولا يغادره نصك أبدًا.
needs-script = تشغّل Attnscope شبكة عصبية في متصفحك، فهي تحتاج إلى JavaScript وWebAssembly.
start-file = فُتحت هذه الصفحة كملف، والمتصفحات لا تشغّلها بهذه الطريقة. قدِّم مجلدها عبر خادم ويب: شغّل فيه مثلًا «python3 -m http.server» ثم افتح http://localhost:8000/.
start-wasm = تحتاج Attnscope إلى WebAssembly، وهي غير متوفرة أو محظورة. قد يحظرها وضع المنع (Lockdown Mode) أو إعداد في المتصفح أو سياسة أمان المحتوى (Content-Security-Policy) لهذا الموقع. اسمح بها لهذه الصفحة أو استخدم متصفحًا آخر.
start-part = تعذّر تحميل جزء من هذه الصفحة: { $file }. تحقّق من اتصالك وأعد تحميل الصفحة. إن لم يُجدِ ذلك فتواصل مع صاحب هذا الموقع.
start-failed = تعذّر تشغيل الصفحة: { $error }. أعد تحميلها، أو استخدم إصدارًا حديثًا من متصفحك.
not-found = الصفحة غير موجودة.
is-here = افتح Attnscope
lesson-open = الدرس
lesson-coming = تحميل الدرس …
lesson-lost = تعذّر تحميل الدرس.

## The text

region-text = النص
type-a-sentence = اكتب جملة
second-text = نص ثانٍ يُقرأ مع الأول
examples = أمثلة
example-big = الكأس، كبيرة
example-small = الكأس، صغيرة
example-animal = الحيوان
example-banks = ضفة ومصرف
example-pair = زوج من النصوص
big-to-small = big ← small
small-to-big = small ← big
add-second = + نص ثانٍ
drop-second = − النص الثاني
invitation = اكتب جملة في الأعلى أو اختر مثالًا لترى من أي الكلمات تقرأ كل كلمة.
cut-limit = { $limit ->
    [zero] لا يقرأ النموذج أي وحدة.
    [one] يقرأ النموذج وحدة واحدة على الأكثر.
    [two] يقرأ النموذج وحدتين على الأكثر.
    [few] يقرأ النموذج { $limit } وحدات على الأكثر.
    [many] يقرأ النموذج { $limit } وحدةً على الأكثر.
   *[other] يقرأ النموذج { $limit } وحدة على الأكثر.
 }
cut-characters = { $limit ->
    [zero] لا يُعطى النموذج أي محرف من النص.
    [one] يُعطى النموذج محرفًا واحدًا من النص على الأكثر.
    [two] يُعطى النموذج محرفين من النص على الأكثر.
    [few] يُعطى النموذج { $limit } محارف من النص على الأكثر.
    [many] يُعطى النموذج { $limit } محرفًا من النص على الأكثر.
   *[other] يُعطى النموذج { $limit } محرف من النص على الأكثر.
 }
cut-rest = { $left ->
    [zero] لم يُترك أي محرف، ابتداءً من «{ $rest }…».
    [one] لم يُقرأ المحرف الأخير، ابتداءً من «{ $rest }…».
    [two] لم يُقرأ المحرفان الأخيران، ابتداءً من «{ $rest }…».
    [few] لم تُقرأ آخر { $left } محارف، ابتداءً من «{ $rest }…».
    [many] لم يُقرأ آخر { $left } محرفًا، ابتداءً من «{ $rest }…».
   *[other] لم يُقرأ آخر { $left } محرف، ابتداءً من «{ $rest }…».
 }
note-no-start = لا يضيف مجزِّئ هذا النموذج وحدة بداية، لذلك تضع رؤوس كثيرة وزنها الفائض على الوحدة الأولى من النص.
note-two-starts = يبدأ النص بـ { $token }، ويضيف المجزِّئ قبله وحدة أخرى مثلها: فيقرأ النموذج اثنتين. احذف التي في النص.
note-guessed-split = لا يذكر ملف GGUF هذا كيف يقسّم مجزِّئه النص (tokenizer.ggml.pre)، ومفرداته غير معروفة لهذه الصفحة. يُقسَّم النص كما في GPT-2، وقد تختلف الوحدات عن وحدات النموذج نفسه.
field-cut = يتسع هذا الحقل لـ{ $characters } محرف و{ $lines } سطر على الأكثر. قُطعت بقية النص.

## The model, and how far it is

saved-own = نتيجة محفوظة.
saved-other = ستُشغَّل جملتك حالما يُحمَّل النموذج.
saved-by = نتيجة محفوظة من النموذج { $model }.
computed-elsewhere = انتباه مستورَد ({ $model }).
model-waits = يُحمَّل النموذج عند الحاجة إليه.
fetch-now = حمّله الآن
model-starting = تحميل النموذج …
model-preparing = تجهيز النموذج …
model-preparation = تجهيز النموذج
model-download = تنزيل النموذج
model-downloading = تنزيل النموذج: { $got } من { $total } م.ب في { $seconds } ث
model-reading = تحميل النموذج من مخزن هذا المتصفح: { $got } من { $total } م.ب في { $seconds } ث
model-reading-own = تحميل ملفاتك: { $got } من { $total } م.ب في { $seconds } ث
seconds-left = {"، "}بقي { $seconds } ث
model-retrying = محاولة أخرى بعد { $seconds } ث؛ يُستأنف التنزيل من حيث توقف.
not-kept = لا يخزّن هذا المتصفح النموذج: سيُعاد تنزيل { $megabytes } م.ب في المرة القادمة.
your-model = نموذجك
model-stopped = توقف التحميل. ما نُزِّل منه محفوظ.
carry-on = تابع
engine-silent = المحرك لا يستجيب. يمكنك أن تنتظر أو أن تعيد تشغيله، ويبقى نصك محفوظًا.
engine-again = أعد تشغيل المحرك
model-ready = { $layers ->
    [zero] بلا طبقات
    [one] طبقة واحدة
    [two] طبقتان
    [few] { $layers } طبقات
    [many] { $layers } طبقةً
   *[other] { $layers } طبقة
 } × { $heads ->
    [zero] بلا رؤوس
    [one] رأس واحد
    [two] رأسان
    [few] { $heads } رؤوس
    [many] { $heads } رأسًا
   *[other] { $heads } رأس
 }
tokens-read = { $tokens ->
    [zero] بلا وحدات، في { $millis } مللي ثانية
    [one] وحدة واحدة في { $millis } مللي ثانية
    [two] وحدتان في { $millis } مللي ثانية
    [few] { $tokens } وحدات في { $millis } مللي ثانية
    [many] { $tokens } وحدةً في { $millis } مللي ثانية
   *[other] { $tokens } وحدة في { $millis } مللي ثانية
 }
reading-on = يحسب …
layers-read = حُسبت { $here } من { $all } طبقات …
version-here = يتوفر إصدار جديد. {""}
version-take = أعد التحميل
tools-lost = تعذّر تحميل جزء من هذه الصفحة، وما على الشاشة ما زال يعمل. {""}
link-lost = تعذّرت قراءة جزء من هذا الرابط. { $faults }
link-too-long = هذا النص أطول من أن يتسع له رابط، فليس في عنوان الصفحة. احفظ لقطة بدلًا من ذلك (في «مشاركة»): فيها التشغيل كله.
whole-page = افتح في Attnscope

## What is shown, and how

region-view = العرض
layer = الطبقة
head = الرأس
one-less = { $name }: أقل بواحد
one-more = { $name }: أكثر بواحد
show = أظهر
display = العرض
find = بحث
find-how = اختر الوحدة A: تُرتَّب الرؤوس عندئذ بحسب وزنها على A انطلاقًا من الكلمة المختارة.
head-off = إيقاف
head-off-means = أوقف هذا الرأس أو شغّله
head-is-off = موقوف: ناتجه 0
show-weight = الأوزان
show-score = الدرجات قبل softmax
show-norm = الأطوال الموزونة بالقيم
show-mean = متوسط رؤوس الطبقة
show-rollout = التدحرج (rollout) حتى الطبقة
draw-as = ارسم على شكل
arcs = أقواس
columns = أعمدة
as-text = نص
by-itself = تلقائي
units = العناصر
tokens = وحدات
words = كلمات
heads-as = كل الرؤوس
heads-as-maps = خرائط
heads-as-numbers = رقم لكل رأس
special-tokens = الوحدات الخاصة
special-show = إظهار
special-mask = إخفاء
special-renormalise = إخفاء وإعادة تحجيم
mass-before = أظهر الأضلاع حتى {""}
mass-after = {" "}% من الوزن

## Names of pictures

title-weight = الطبقة { $layer }، الرأس { $head }
title-score = الطبقة { $layer }، الرأس { $head }: الدرجات قبل softmax
title-norm = الطبقة { $layer }، الرأس { $head }: الأطوال الموزونة بالقيم
title-mean = الطبقة { $layer }: متوسط رؤوسها
title-rollout = التدحرج من المدخل حتى الطبقة { $layer }
title-difference = الطبقة { $layer }، الرأس { $head }: فرق الأوزان
name-mean = { $layer }، متوسط رؤوسها
name-rollout = التدحرج حتى { $layer }

## What a row says

weights = الأوزان
scores = الدرجات
norms = الأطوال
shares = الحصص
differences = الفروق
weight-one = يقرأ من
weight-many = تقرأ، في المتوسط، من
score-one = يعطي الدرجات
score-many = تعطي، في المتوسط، الدرجات
norm-one = يأخذ من
norm-many = تأخذ، في المتوسط، من
rollout-one = يستمد من
rollout-many = تستمد، في المتوسط، من
difference-one = يقرأ
difference-many = تقرأ، في المتوسط،
amount-less = أقل بمقدار { $amount }
amount-more = أكثر بمقدار { $amount }
row-spoken = { $name }: { $queries } { $verb } { $keys }
row-spoken-none = { $name }، لم تُختر أي وحدة
choose-a-token = اختر وحدة لترى من أين تقرأ. المعروض: أقوى { $count } من { $what } في { $name }.
hides-mean = المتوسط يخفي الرؤوس المفردة، وقد لا يشبه أيًّا منها
hides-rollout = يفترض التدحرج أن نصف كل وحدة يمر في كل طبقة بلا تغيير، ويتجاهل الرؤوس والقيم
sum-weight = مجموع الأوزان { $sum }
sum-score = الدرجات قبل softmax: لا تهم إلا الفروق بينها
sum-norm = مجموع الأطوال { $sum }، وقد تُلغي المتجهات بعضها بعضًا
sum-rollout = مجموع الحصص { $sum }
sum-difference = مجموع الفروق { $sum }
row-unavailable = لا أوزان متاحة لهذه الوحدة
drawn = مرسوم { $keys } من أصل { $tokens ->
    [zero] 0 وحدة
    [one] وحدة واحدة
    [two] وحدتين
    [few] { $tokens } وحدات
    [many] { $tokens } وحدةً
   *[other] { $tokens } وحدة
 }، { $percent } % من الوزن
drawn-total = مرسوم { $keys } من أصل { $tokens ->
    [zero] 0 وحدة
    [one] وحدة واحدة
    [two] وحدتين
    [few] { $tokens } وحدات
    [many] { $tokens } وحدةً
   *[other] { $tokens } وحدة
 }، { $percent } % من المجموع
drawn-score = مرسوم { $keys } من أصل { $tokens ->
    [zero] 0 وحدة
    [one] وحدة واحدة
    [two] وحدتين
    [few] { $tokens } وحدات
    [many] { $tokens } وحدةً
   *[other] { $tokens } وحدة
 }، { $percent } % من الوزن الناتج
drawn-difference = مرسوم { $keys } من أصل { $tokens ->
    [zero] 0 وحدة
    [one] وحدة واحدة
    [two] وحدتين
    [few] { $tokens } وحدات
    [many] { $tokens } وحدةً
   *[other] { $tokens } وحدة
 }، { $percent } % من التغيّر كله
hidden = { $amount } على الوحدات الخاصة مخفي
hidden-scaled = { $amount } على الوحدات الخاصة مخفي، والباقي معاد تحجيمه ليكون مجموعه 1
dot-means = النقطة علامة على جزء يكمل كلمة
line-means = الوحدات المسطَّرة ليست في مفردات النموذج: تُقرأ كلها وحدةً مجهولة واحدة
formula-rest = { $weight } V{ $others ->
    [zero] (لا وحدة أخرى)
    [one] (وحدة أخرى)
    [two] (وحدتان أخريان)
    [few] ({ $others } وحدات أخرى)
    [many] ({ $others } وحدةً أخرى)
   *[other] ({ $others } وحدة أخرى)
 }
formula-special = { $weight } V(الوحدات الخاصة)
table-title = { $name }: ما يقرأ منه { $queries }
table-token = الوحدة
table-place = الموضع
column-weight = الوزن
column-score = الدرجة
column-norm = الطول
column-difference = الفرق
table-all = أظهر الوحدات كلها ({ $count })
table-fewer = أظهر أقل
row-none = اختر كلمة في الجملة لترى صفها.

## Pictures, and what keys do in them

region-sentence = الجملة
region-heatmap = الخريطة الحرارية
form-arcs = أقواسًا
form-columns = أعمدةً
form-text = نصًا
scene-strongest = { $name }: أقوى { $count } من { $what }، مرسومةً { $form }
scene-reads = { $name }: ما يقرأ منه { $queries }، مرسومًا { $form }
scene-heatmap = { $name }: خريطة حرارية لكل مستعلِم وما يقرأ منه
scene-grid = كل الرؤوس وعددها { $all }: الطبقات { $layers } من الأعلى إلى الأسفل، والرؤوس { $heads } عرضًا؛ المختار { $chosen }
scene-grid-lying = كل الرؤوس وعددها { $all }: الطبقات { $layers } عرضًا، والرؤوس { $heads } من الأعلى إلى الأسفل؛ المختار { $chosen }
axis-query = المستعلِم
axis-key = يقرأ من (المفتاح)
column-query = المستعلِم
column-key = يقرأ من
legend-range = المدى { $low } إلى { $high }
keys-sentence = مفاتيح الأسهم تنقل الوحدة المستعلِمة، وEscape يلغي الاختيار.
keys-heatmap = مفاتيح الأسهم تنتقل بين الخلايا، وEnter يختار الصف.
keys-grid = مفاتيح الأسهم تختار رأسًا آخر، والمفتاح x يوقفه أو يشغّله.
keys-inside = مفاتيح الأسهم تختار مفتاحًا آخر.
keys-chart = السهمان الأيسر والأيمن يختاران رأسًا من طبقة أخرى، والأعلى والأسفل القيمة التالية الأعلى أو الأدنى في طبقته.
map-of-head = الخريطة الحرارية للرأس { $head }
map-of-layer = الخريطة الحرارية للطبقة { $layer }
cell-none = أشر إلى خلية لترى قيمتها.
cell = { $query } يقرأ { $key }: { $value }
cell-hidden = { $query } يقرأ { $key }: مخفي
cell-alone = { $query } يقرأ { $key }: ليس في النصين معًا، أو مخفي
unit-read = { $key }، { $query } يقرأ منها { $value }
unit-read-by-many = { $key }، { $queries } تقرأ منها { $value } في المتوسط
unit-value = { $key }، { $value } لأجل { $queries }
head-spoken = الطبقة { $layer }، الرأس { $head }، { $label }، الإنتروبيا { $bits } بت، { $state }
head-spoken-bare = الطبقة { $layer }، الرأس { $head }، { $state }
label-none = بلا تسمية
state-on = يعمل
state-off = متوقف
all-heads = كل الرؤوس
all-heads-of = { $heads ->
    [zero] لا رؤوس
    [one] رأس واحد
    [two] الرأسان كلاهما
    [few] الرؤوس كلها ({ $heads })
    [many] الرؤوس كلها ({ $heads })
   *[other] الرؤوس كلها ({ $heads })
 }
grid-by-place = خريطة حرارية صغيرة لكل رأس؛ { $scale }. أشر للمعاينة وانقر للاختيار.
grid-by-rank = بالترتيب المختار، صفًا بعد صف، وعلى كل منها طبقته ورأسه؛ { $scale }. أشر للمعاينة وانقر للاختيار.
scale-mean = أوزان كل رأس نفسه، بألوان الخريطة الحرارية
scale-rollout = أوزان كل رأس نفسه؛ ولخريطة التدحرج مقياس خاص بها
scale-all = الألوان كما في الخريطة الحرارية: مقياس الجذر التربيعي، واحد لكل الرؤوس

## Finding heads

order = الترتيب
order-place = الطبقة والرأس
order-entropy = الإنتروبيا
order-distance = البعد
order-sinks = الحصة على المصارف
order-reads = الوزن على A
order-label = التسمية
order-change = التغيّر
order-moved = التحوّل من A إلى B
label = التسمية
any = أي رأس
choose-one = اختر واحدة
which-reads = الوحدة A: أي الرؤوس تقرؤها؟
which-turned = الوحدة B: أي الرؤوس تحوّلت من A إلى B؟
head-on-text = { $head } على هذا النص: الإنتروبيا { $bits } بت، ومتوسط البعد { $distance } وحدة، و{ $sinks } من الوزن على المصارف.
label-told = { $label } ({ $score }): { $evidence }
no-label = لا ينطبق أي من أنماطنا التسعة على هذا النص.
head-unavailable = { $head }: أوزانه غير متاحة.
read-most = أكبر وزن على { $keys } من { $queries }: { $heads }.
label-previous = الوحدة السابقة
label-next = الوحدة التالية
label-self = نفسها
label-same = الوحدة ذاتها
label-induction = الاستقراء
label-punctuation = علامات الترقيم
label-separator = الفاصل
label-sink = المصرف
label-broad = واسع
evidence-read = { $score } من الوزن خارج المصارف يذهب إلى { $keys }؛ والانتباه المنتظم يعطي { $even }.
keys-previous = الوحدة السابقة
keys-next = الوحدة التالية
keys-self = الوحدة نفسها
keys-punctuation = علامات الترقيم
keys-same = الوحدة ذاتها في موضع آخر
keys-induction = الوحدة التي تلي نسخة سابقة
evidence-sinks = { $score } من الوزن على المصارف؛ والانتباه المنتظم يعطي { $even }.
evidence-separators = { $score } من الوزن على الفواصل؛ والانتباه المنتظم يعطي { $even }.
evidence-broad = الوزن خارج المصارف موزع بقدر انتباه منتظم على { $score } من الوحدات.

## Inside a head

inside-open = خطوة خطوة: كيف يُحسب هذا الوزن
inside-none = لا شيء يُعرض بعد
choose-query = اختر وحدة مستعلِمة.
numbers-later = تظهر الأرقام بعد تحميل النموذج.
largest-first = أكبر الإسهامات أولًا
row-temperature = حرارة هذا الصف فقط {""}
back-to-one = أعدها إلى 1
heat-model = حرارة { $now } بدلًا من 1
heat-run = حرارة 1 بدلًا من { $run } في هذا التشغيل
not-the-runs = عند { $softened }: ليست أوزان هذا التشغيل
not-the-models = عند { $softened }: ليست أوزان النموذج
run-is-other = أوزان هذا التشغيل نفسه مختلفة.
model-is-other = هذه ليست أوزان النموذج.
inside-masked = { $dot } = { $product }؛ القناع يمنع { $query } من قراءة { $key }.
inside-told = { $dot } = { $product }؛ بالقسمة على √{ $d } تصير الدرجة { $score }؛ وsoftmax على الصف يعطي الوزن { $weight }؛ وبضربه في قيمة طولها { $length } يضيف إلى الخرج متجهًا طوله { $share }.
inside-told-at = { $dot } = { $product }؛ بالقسمة على √{ $d } تصير الدرجة { $score }؛ وsoftmax على الصف عند { $softened } يعطي الوزن { $weight }؛ وبضربه في قيمة طولها { $length } يضيف إلى الخرج متجهًا طوله { $share }.
inside-title = داخل { $head }: { $query } يقرأ { $key }. { $told }
vector-q = q لـ { $query }
vector-k = k لـ { $key }
vector-sum = المجموع { $sum }
dimensions-sorted = الأبعاد، الأكبر إسهامًا أولًا
dimensions-plain = الأبعاد بحسب الرقم
inside-score = الدرجة
inside-weight = الوزن
inside-share = × |v|
word-entropy = الإنتروبيا
word-sinks = المصارف
word-score = الدرجة
word-value = قيمة
word-output = الخرج
means-query = متجه الاستعلام للوحدة التي تقرأ؛ يقارنه الرأس بمفتاح كل وحدة.
means-key = المتجه الذي تُعرف به الوحدة: كلما ناسب الاستعلام ارتفعت الدرجة.
means-value = المتجه الذي تعطيه الوحدة لمن يقرؤها؛ يجمع الرأس القيم، كلًّا مضروبة في وزنها.
means-score = الاستعلام مضروبًا في المفتاح مقسومًا على جذر طولهما: مدى تناسبهما قبل softmax.
means-softmax = يحوّل softmax درجات الصف إلى أوزان موجبة مجموعها 1: e أُسّ الدرجة، مقسومًا على مجموع ذلك كله.
means-output = z خرج الرأس لوحدة: قيم الوحدات التي تقرؤها، كلٌّ مضروبة في وزنها، مجموعة.
means-sink = المصرف وحدة تأخذ وزنًا كبيرًا ولا تضيف إلى الخرج إلا قليلًا: [CLS] و[SEP] والوحدة الأولى وعلامات الترقيم.
means-entropy = تقيس الإنتروبيا مدى انتشار الصف: 0 بت لوحدة واحدة، و3 بتات لثماني وحدات متساوية.
means-number = تُعدّ الطبقات والرؤوس من 0: L3 H1 هو الرأس الثاني في الطبقة الرابعة.
guide-point = أولًا: أشر إلى كلمة أخرى.
guide-change = الآن غيّر big إلى small: هل ما زالت it تقرأ trophy؟
guide-find = الآن قارن النصين: أي الرؤوس تتحول إلى bag؟
guide-end = إخفاء هذه التلميحات
masked = مقنَّع: لا يمكن قراءته
other-keys = { $others ->
    [zero] ولا وحدة أخرى، لها { $weight } من الوزن
    [one] ووحدة أخرى لها { $weight } من الوزن
    [two] ووحدتان أخريان لهما { $weight } من الوزن
    [few] و{ $others } وحدات أخرى لها { $weight } من الوزن
    [many] و{ $others } وحدةً أخرى لها { $weight } من الوزن
   *[other] و{ $others } وحدة أخرى لها { $weight } من الوزن
 }

## Comparing

compare = قارن
compare-with = قارن مع
compare-nothing = لا شيء
compare-unaltered = النموذج الأصلي
compare-text = نص آخر
shown-as = العرض
shown-difference = الفرق
shown-apart = جنبًا إلى جنب
compare-example = مثال: غيّر “big” إلى “small”
compare-other = النص الذي يُقارن به
compare-end = أوقف المقارنة
compared-with = مقارنة مع
unaltered-title = النموذج الأصلي
nothing-altered = لا فرق بعد: عدّل النموذج لترى ما يتغير.
no-other-text = اكتب النص الذي تقارن به.
same-texts = لا فرق: النصان متطابقان. عدّل أحدهما لترى ما يتغير.
quoted = «{ $text }»
the-unaltered = النموذج الأصلي
shared-tokens = مقارنة مع { $with }: { $shared } من أصل { $all ->
    [zero] 0 وحدة موجودة في كليهما.
    [one] وحدة واحدة موجودة في كليهما.
    [two] وحدتين موجودة في كليهما.
    [few] { $all } وحدات موجودة في كليهما.
    [many] { $all } وحدةً موجودة في كليهما.
   *[other] { $all } وحدة موجودة في كليهما.
 }
no-change = لا يختلف أي وزن بين هذه الوحدات.
marks-apart = الإشارة إلى وحدة تبرزها في كليهما.
marks-difference = الأزرق: أكثر مما في الآخر. لون المغرة المتقطع: أقل.
heads-change = أكثر الرؤوس تغيرًا (متوسط كل الخلايا): { $heads }.
heads-turned = من { $query }، الرؤوس التي تحوّلت من { $from } إلى { $to }: { $most }. وبالعكس: { $least }.
none = لا شيء

## Effect on the output

predict-choose = اختر وحدة لترى ما يتوقعه النموذج في موضعها.
in-other-text = ({ $probability } في النص الآخر)
before-change = ({ $probability } قبل التعديل)
predicted = التوقعات عند { $token } مع احتمالاتها: { $likely }.
predicts-nothing = يحوّل هذا النموذج الجملة إلى متجه واحد ولا يتوقع كلمات. أضف نصًا ثانيًا، أو قارن بنص آخر، أو عدّل النموذج، لترى مدى تشابه المتجهات.
alike-pair = تشابه جيب التمام بين النصين، وكل منهما مضمَّن وحده: { $cosine }.
alike-compared = تشابه جيب التمام بين النصين المقارَنين: { $cosine }.
alike-before = قبل التعديل: { $cosine }.
alike-altered = تشابه جيب التمام لهذا المدخل قبل التعديل وبعده: { $cosine }.

## Other models

models-open = اختر نموذجًا
models-title = اختر نموذجًا
models-name = نموذج في المستودع (owner/name)، أو عنوان ملف GGUF أو مجلد نموذج
models-look = ابحث
models-looking = جارٍ البحث …
models-planned = { $name }: ‏{ $megabytes } م.ب في { $files ->
    [zero] { $files } ملف
    [one] ملف واحد
    [two] ملفين
    [few] { $files } ملفات
    [many] { $files } ملفًا
   *[other] { $files } ملف
}، ونحو { $memory } م.ب من الذاكرة بعد التحميل.
models-licence = الرخصة: { $licence }.
models-several = في هذا المستودع عدة ملفات مناسبة. اختر واحدًا:
models-choice = { $file }: ‏{ $megabytes } م.ب
models-load = حمّل
models-list = نماذج مقترحة
models-entry = { $name }، نحو { $megabytes } م.ب، { $licence }
models-files = أو ملفاتك: ملف GGUF واحد، أو config.json وsafetensors وtokenizer.json معًا
models-folder = أو مجلد فيه هذه الملفات
models-hub = عنوان المستودع (غيّره لاستخدام نسخة منه)
models-hosts = تُنزَّل ملفات النموذج من المضيف الذي تختاره، ولا يُرسَل إليه نصك أبدًا.
models-stored = محفوظ في هذا المتصفح
models-kept = { $address }: ‏{ $megabytes } م.ب
models-forget = احذف
models-none-kept = لا نموذج محفوظ.
models-back = استخدم النموذج المدمج
asked-model = يستخدم هذا الرابط نموذجًا آخر: { $name } من { $host }. إلى أن توافق، يُستخدم النموذج الحالي.
asked-request = لمعرفة حجمه ورخصته تسأل هذه الصفحة { $host }. لا يُرسل نصك.
asked-stay = أبقِ النموذج الحالي
part-encoder = الطبقة { $layer } هي طبقة المشفِّر { $own }: النص الأول يقرأ نفسه.
part-decoder = الطبقة { $layer } هي طبقة المفكِّك { $own }: كل وحدة من النص الثاني تقرأ نفسها وما قبلها.
part-cross = الطبقة { $layer } هي الانتباه المتقاطع لطبقة المفكِّك { $own }: النص الثاني يقرأ من الأول.
write-on = أكمل النص
writing-on = يكتب …
predict-behind-choose = اختر وحدة لترى ما يتوقعه النموذج بعدها.
predicted-behind = التوقعات بعد { $token } مع احتمالاتها: { $likely }.

## Charts

measure = المقياس
measure-entropy = الإنتروبيا
measure-distance = متوسط البعد
measure-sinks = الوزن على المصارف
every-head = كل رأس بحسب الطبقة
chart-later = يظهر الرسم البياني بعد تحميل النموذج.
entropy = الإنتروبيا
distance = متوسط البعد
sink-share = الوزن على المصارف
unit-bits = بت
unit-tokens = وحدة
unit-share = حصة من الصف
axis-measure = { $name } ({ $unit })
axis-layer = الطبقة
axis-head = الرأس
chart-line = الخط: متوسط كل طبقة
chart-title = { $name } لكل الرؤوس وعددها { $heads } بحسب الطبقة، بوحدة { $unit }؛ المختار { $chosen }
chart-told = { $head }: { $name } { $value } ({ $unit }). متوسط طبقته { $mean }، ومتوسط كل الرؤوس { $all }؛ الأدنى { $lowest }، والأعلى { $highest }.
cost-heading = كلفة الطول
cost-square = تُقارن كل وحدة بكل وحدة: يحسب الرأس n² وزنًا لعدد n من الوحدات، أي 256 لـ16 و262,144 لـ512.
cost-rest = وبقية النموذج تنمو خطيًّا مع n.
cost-measure = قِس على هذا الجهاز
cost-later = يمكنك القياس بعد تحميل النموذج.
cost-timed = قياس التشغيلات
cost-time = { $tokens ->
    [zero] { $tokens } وحدة { $millis } مللي ثانية
    [one] وحدة واحدة { $millis } مللي ثانية
    [two] وحدتان { $millis } مللي ثانية
    [few] { $tokens } وحدات { $millis } مللي ثانية
    [many] { $tokens } وحدةً { $millis } مللي ثانية
   *[other] { $tokens } وحدة { $millis } مللي ثانية
 }
cost-told = قيس على هذا الجهاز، الوسيط لكل طول: { $times }.
cost-curve = أقرب منحنى: { $curve } مللي ثانية؛ عند { $longest } وحدة يكون جزء n² { $percent } % من الوقت.
cost-noisy = هذه الأزمنة متقلبة أكثر من أن تبيّن كيف تنمو: أغلق البرامج الأخرى وقِس من جديد.
cost-own = { $tokens ->
    [zero] الحلقة هي النص على الشاشة: { $tokens } وحدة في { $millis } مللي ثانية.
    [one] الحلقة هي النص على الشاشة: وحدة واحدة في { $millis } مللي ثانية.
    [two] الحلقة هي النص على الشاشة: وحدتان في { $millis } مللي ثانية.
    [few] الحلقة هي النص على الشاشة: { $tokens } وحدات في { $millis } مللي ثانية.
    [many] الحلقة هي النص على الشاشة: { $tokens } وحدةً في { $millis } مللي ثانية.
   *[other] الحلقة هي النص على الشاشة: { $tokens } وحدة في { $millis } مللي ثانية.
 }
cost-title = زمن تشغيل واحد بحسب عدد وحداته، حتى { $tokens } وحدة في { $millis } مللي ثانية
axis-tokens = عدد الوحدات n
axis-time = زمن تشغيل واحد (مللي ثانية)
square-alone = n² فقط

## Changing the model

alter = تعديل
altered-list = نموذج معدَّل: { $changes }
one-off = { $head } موقوف
two-off = { $a } و{ $b } موقوفان
heads-off = { $heads ->
    [zero] لا رأس موقوف
    [one] رأس واحد موقوف
    [two] رأسان موقوفان
    [few] { $heads } رؤوس موقوفة
    [many] { $heads } رأسًا موقوفًا
   *[other] { $heads } رأس موقوف
 }
has-no-positions = بلا معلومات الموضع
has-another-order = كلمات مخلوطة
has-temperature = حرارة softmax ‏{ $temperature }
is-causal = قناع سببي
heads = الرؤوس
switch-on = شغّل { $head }
switch-off = أوقف { $head }
layer-off = أوقف طبقته كلها
others-off = أوقف كل الرؤوس الأخرى
positions-and-order = المواضع والترتيب
take-positions = أزل معلومات الموضع
shuffle = اخلط الكلمات
shuffle-again = اخلط من جديد
causal = قناع سببي (النظر إلى الوراء فقط)
softmax-temperature = حرارة softmax {""}

## Saving and sharing

share = مشاركة
copy-link = انسخ الرابط
link-copied = نُسخ الرابط.
link-copy-by-hand = انسخ هذا الرابط: { $link }
save-snapshot = احفظ لقطة
snapshot-saved = حُفظ { $file }: { $kilobytes } ك.ب، ودقة الأوزان 0.000008. افتحه في هذه الصفحة، أو أعط عنوانه لعنصر <attn-scope>.
open-snapshot = افتح لقطة، أو أفلتها على الصفحة
share-own-files = لا يمكن للرابط أن يحوي ملفات نموذجك: يُفتح بالنموذج المدمج.
pictures = الصور
picture = الصورة
picture-as = الصيغة
save-picture = احفظ الصورة
copy-picture = انسخ الصورة
numbers = الأرقام
save-numbers = احفظ الأرقام
copy-numbers = انسخ الأرقام
copy-caption = انسخ الشرح
the-sentence = الجملة
the-heatmap = الخريطة الحرارية
the-heads = كل الرؤوس
the-other-sentence = الجملة الأخرى
the-other-heatmap = الخريطة الحرارية الأخرى
the-inside = خطوة خطوة
the-chart = الرسم البياني
the-cost = كلفة الطول
row-csv = هذا الصف بصيغة CSV
head-csv = هذا الرأس بصيغة CSV
row-tabs = هذا الصف كجدول لبرامج الجداول
head-tabs = هذا الرأس كجدول لبرامج الجداول
run-json = التشغيل كله بصيغة JSON
run-safetensors = التشغيل كله بصيغة safetensors
the-caption = الشرح
on-clipboard = نُسخ: { $what }.
saved-file = حُفظ { $file }.
saved-size = حُفظ { $file }: { $kilobytes } ك.ب.

## The caption of a figure

caption-weight = أوزان الانتباه في الطبقة { $layer }، الرأس { $head }
caption-score = درجات الانتباه قبل softmax في الطبقة { $layer }، الرأس { $head }
caption-norm = الأطوال الموزونة بالقيم في الطبقة { $layer }، الرأس { $head }
caption-mean = متوسط أوزان الانتباه لكل رؤوس الطبقة { $layer }
caption-rollout = تدحرج الانتباه من المدخل حتى الطبقة { $layer }
caption-difference = فرق أوزان الانتباه في الطبقة { $layer }، الرأس { $head }
caption-of = { $what }، { $model }، عند قراءة «{ $text }»
caption-pair = {" "}و«{ $pair }»
caption-other = {"، "}مقارنةً بـ«{ $other }»
caption-unaltered = {"، "}مقارنةً بالنموذج الأصلي
caption-query = ؛ المستعلِم «{ $query }»
caption-queries = ؛ متوسط المستعلِمين { $queries }
caption-end = .
caption-words = أجزاء الكلمات مدموجة في كلمات.
caption-mask = الوحدات الخاصة مخفية.
caption-renormalise = الوحدات الخاصة مخفية، والباقي معاد تحجيمه ليكون مجموعه 1.
caption-altered = نموذج معدَّل: { $changes }.

## Embedding

embed-open = ضمّن …
embed-title = التضمين في صفحتك
embed-with = المحتوى
embed-none = الجملة فقط
embed-simple = حقل نص والرؤوس
embed-full = كل شيء
embed-language = اللغة
embed-readers = لغة القارئ
embed-still = أضف صورة ثابتة لمن ليس لديه JavaScript
embed-lock = قفل (يشاهد القراء ولا يعدّلون)
embed-lines = الصق هذا حيث يجب أن يظهر العرض
embed-copy = انسخ الشيفرة
embed-copied = نُسخت الشيفرة.
embed-by-hand = حدّد الشيفرة أعلاه وانسخها.
theme = المظهر
embed-readers-theme = مظهر القارئ
light = فاتح
dark = داكن
embed-width = عرض المعاينة
preview = معاينة
frame-title = الانتباه في «{ $text }»
a-sentence = جملة

## Keyboard

keys-title = لوحة المفاتيح
key-arrows = مفاتيح الأسهم
keys-tab = إلى الصورة أو الأداة التالية
keys-arrows = في الجملة: وحدة مستعلِمة أخرى؛ في الخريطة الحرارية: خلية أخرى؛ في كل الرؤوس وفي رسمها البياني: رأس آخر؛ خطوة خطوة: مفتاح آخر
keys-home = في الجملة: الوحدة الأولى، الأخيرة
keys-enter = في الخريطة الحرارية: اختيار الصف (ومع Shift: إضافته)
keys-panes = إلى اللوح التالي، السابق: الأدوات، الجملة، الخريطة الحرارية، الرؤوس، التفاصيل
keys-layer = الطبقة السابقة، التالية
keys-head = الرأس السابق، التالي
keys-x = إيقاف الرأس أو تشغيله
keys-compare = المقارنة بنص آخر أو بالنموذج الأصلي
keys-find = البحث عن رؤوس تقرأ وحدة
keys-text = إلى النص
keys-escape = من النص إلى الصورة؛ وفي الصورة: إلغاء المعاينة، ثم الاختيار؛ وداخل إطار: إعادة لوحة المفاتيح إلى الصفحة المحيطة
keys-restore = إعادة النموذج إلى أصله
keys-undo = تراجع، إعادة (على Mac مع Command؛ وCtrl+Y يعيد أيضًا)
keys-help = إظهار هذه المفاتيح
keys-letters = تعمل مفاتيح الحروف والعلامات المفردة حين يكون التركيز على صورة أو على شرحها أو على التفاصيل

## What was wrong

wrong = : المتوقع { $expected }، والموجود { $got }. { $advice }

## Parts of faults from all layers

fault-frame = { $what }: المتوقع { $expected }، والموجود { $got }. { $advice }
fault-other-run = التشغيل الذي يُقارن به، { $what }
fault-link-long = الرابط أطول من كل ما تصنعه هذه الصفحة.
fault-link-version = الرابط من الإصدار { $version } الذي لا تعرفه هذه الصفحة.
fault-do-field = صحّح هذا الحقل وحاول مرة أخرى.
fault-do-tokens = تُعدّ الوحدات من 0.
fault-do-heads = تُعدّ الطبقات والرؤوس من 0.
fault-do-name-token = سمِّ إحدى هذه الوحدات.
fault-do-snapshot = احفظ اللقطة من جديد، من الصفحة أو بالأمر `attn snapshot`.
fault-do-open = افتح ملفًا صنعه زر «احفظ لقطة» أو الأمر `attn snapshot`.
fault-do-wait-set = انتظر انتهاء طلب set قبل التالي.
fault-do-wait-run = انتظر حتى يُقرأ نصك، ثم حاول مرة أخرى.
fault-do-save-anew = حاول مرة أخرى، أو في متصفح آخر.
fault-do-open-part = افتح ذلك الجزء من الصفحة أولًا، أو اختر صورة أخرى.
fault-do-smaller = اختر مقياسًا أصغر، أو SVG.
fault-do-svg = اختر SVG.
fault-do-svg-or-allow = اختر SVG، أو اسمح لهذه الصفحة بقراءة لوحات الرسم (canvas) الخاصة بها.
fault-do-choose-token = اختر وحدة في الجملة أولًا.
fault-do-type = اكتب جملة أولًا.
fault-do-safetensors = خذ safetensors، ففيه الشيء نفسه في عُشر الحجم.
fault-do-save = احفظه بدلًا من ذلك.
fault-do-reload = أعد تحميل الصفحة حتى تكون كل أجزائها من نسخة واحدة.
fault-do-shorter = اختر نصًا أقصر.
fault-do-workers = اسمح لهذه الصفحة بتشغيل العمال (workers)، أو افتحها في متصفح آخر.
fault-do-restart = شغّل المحرك من جديد؛ فإن توقف ثانيةً فجرّب نصًا أقصر أو متصفحًا آخر.
fault-do-again-start = حاول مرة أخرى: سيبدأ التنزيل من أوله.
fault-do-connection = تحقق من الاتصال وحاول مرة أخرى.
fault-do-connection-kept = تحقق من الاتصال وحاول مرة أخرى: ما وصل محفوظ.
fault-do-load-again = حمّل النموذج من جديد: ما وصل محفوظ.
fault-do-address = تحقق من عنوان النموذج: هو عنوان المجلد الذي فيه manifest.json.
fault-do-memory = أغلق صفحات أخرى، أو اختر نموذجًا أصغر.
fault-do-other-model = اختر نموذجًا آخر، أو أخبر القائم على هذه الصفحة.
fault-do-load = حمّل نموذجًا أولًا.
fault-do-run-first = شغّل نصًا أولًا.
fault-do-run-again = شغّل النص من جديد.
fault-do-this-run = اختر وحدة من هذا التشغيل.
fault-do-this-model = اختر رأسًا يملكه هذا النموذج.
fault-do-heads-there = اختر رؤوسًا يملكها هذا النموذج.
fault-do-other-token = اختر وحدة أخرى.
fault-do-compare = اختر ما تقارن به.
fault-do-temperature = اختر حرارة في هذا المدى؛ و1 لا تغيّر شيئًا.
fault-do-measure = قِس من جديد.
fault-do-short = خذ نصًا أقصر: السجل ينمو مع مربع طوله.
fault-do-give-text = أعط النموذج نصًا قصيرًا بما يكفي له.
fault-do-checkpoint = في الأوزان أعداد NaN أو لا نهائية؛ خذها من مصدرها من جديد.
fault-do-download = نزّل الملف من جديد، أو حوّل النموذج من جديد بـ`save_pretrained`.
fault-do-not-all = الملف من بنية غير التي يذكرها config.json، أو ليس كله هنا.
fault-do-both = ملف config.json والأوزان من نموذجين مختلفين؛ خذهما من مكان واحد.
fault-do-types = احفظ النموذج بأحد هذه الأنواع، مثلًا بـ`model.half()`.
fault-do-config = خذ config.json كما هو بجانب الأوزان.
fault-do-sizes = تحقق من الملف: هذا المحرك يحسب بأحجام من هذا المدى فقط.
fault-do-predicts = اختر نموذجًا يتوقع الكلمات، مثل نموذج محفوظ باسم BertForMaskedLM.
fault-do-reads = اختر وحدة تقرأ ووحدة تُقرأ.
fault-do-family = اختر نموذجًا من عائلة مدعومة.
fault-do-variant = اختر نموذجًا بلا هذا التنويع.
fault-do-weights = اختر ملفات safetensors مع config.json و tokenizer.json، أو ملف GGUF؛ لا تُفتح أوزان pickle.
fault-do-save-tokenizer = احفظ المجزِّئ بصيغة tokenizer.json عبر `save_pretrained` لمجزِّئ سريع.
fault-do-tokenizer = خذ المجزِّئ من مكان الأوزان نفسه؛ وفي README قائمة بالمدعوم.
fault-do-with-config = اختر config.json مع الأوزان.
fault-do-no-decoder = احذف decoder_input_ids: لهذا النموذج رصّة طبقات واحدة.
fault-do-gguf-again = حوّل النموذج من جديد بـ convert_hf_to_gguf.py من llama.cpp.
fault-do-gguf-not-all = الملف من بنية غير التي يذكرها، أو أنه ناقص.
fault-do-gguf-keys = مفاتيح الملف تذكر حجمًا آخر؛ خذ ملفًا حُوّل من جديد.
fault-do-other-types = اختر النموذج نفسه بأحد هذه الأنواع، مثل Q4_K_M أو Q6_K أو Q8_0.
fault-do-all-parts = اختر الأجزاء كلها معًا، أو اجمعها بـ llama-gguf-split --merge من llama.cpp.
fault-do-utf-8 = احفظ الملف بترميز UTF-8، أو نزّله من جديد.
fault-do-unquantized = اختر النموذج الذي كُمِّم منه، أو ملف GGUF له.
fault-do-adapter = اختر النموذج الذي صُنع له، أو ادمج الاثنين (بـ merge_and_unload من PEFT) واحفظ الناتج.
fault-do-marian = أنشئ tokenizer.json بالأمر `python docs/marian_tokenizer.py FOLDER`، كما في README.
fault-do-batch = احفظ انتباه نص واحد بلا بُعد الدفعة: `a[0].contiguous()` لكل طبقة.
fault-do-list = احفظ قائمة نص واحد، بلا قائمة الدفعة حولها.
fault-do-one-model = اختر ملفات نموذج واحد.
fault-do-writes = اختر نموذجًا مثل GPT-2 أو SmolLM2 أو T5.
fault-do-alike = اختر نموذجًا يتماثل مشفِّره ومفكِّكه.
fault-do-as-written = اكتبه كما في صفحة النموذج، مثلًا HuggingFaceTB/SmolLM2-135M.
fault-do-hub = اكتبه بصيغة https://host بلا مسار غير مسار النسخة.
fault-do-hub-name = تحقق من اسم النموذج وعنوان المستودع.
fault-do-fewer-bits = اختر نموذجًا أصغر، أو النموذج نفسه بعدد بتات أقل بصيغة GGUF.
fault-do-cors = تحقق من العنوان؛ يجب أن يسمح الخادم للصفحات الأخرى بقراءته (CORS).
fault-do-file-there = تحقق من أن الملف ما زال موجودًا واختره ثانيةً.
fault-do-that-file = اختر ذلك الملف أيضًا.
fault-do-file-name = تحقق من اسم الملف.
fault-do-which-gguf = اختر ملفًا واحدًا وحده، أو سمّه بعد النموذج، مثل owner/name/file.gguf.
fault-do-check-file = تحقق من الملف.
fault-do-vectors = اعرض الأوزان، أو اكتب لتشغيل نموذج هذه الصفحة.
fault-do-rollout = اعرض الأوزان؛ فالتمرير للنماذج ذات رصّة الطبقات الواحدة.
fault-do-as-readme = احفظ الملف كما يقول README تحت “Attention computed elsewhere”.
fault-do-not-its-tokenizer = المجزِّئ من نموذج غير نموذج الأوزان.
fault-do-open-again = افتح الرابط مرة أخرى.
fault-the-file = الملف
fault-the-run = التشغيل
fault-the-picture = الصورة
fault-the-numbers = الأرقام
fault-the-row = الصف
fault-the-json = التشغيل بصيغة JSON
fault-the-clipboard = الحافظة
fault-the-model = النموذج
fault-the-token = الوحدة
fault-the-head = الرأس
fault-the-input = المدخل
fault-the-text = النص
fault-the-worker = عامل المحرك
fault-the-address = عنوان النموذج
fault-the-download = التنزيل
fault-the-temperature = حرارة softmax
fault-a-head-off = رأس يُوقف
fault-to-worker = رسالة إلى العامل
fault-from-worker = رسالة من العامل
fault-the-safetensors = ملف safetensors
fault-the-files = ملفات النموذج
fault-the-gguf = ملف GGUF
fault-the-attention = ملف الانتباه
fault-in-config = الحقل `{ $field }` في config.json
fault-a-snapshot = لقطة
fault-whole-snapshot = لقطة كاملة من Attnscope، الإصدار 2
fault-on-screen = واحدة على الشاشة
fault-run-on-screen = واحد على الشاشة
fault-head-on-screen = رأس على الشاشة
fault-chosen-token = وحدة مختارة
fault-pixels = بكسلات
fault-own-colours = ألوانها هي
fault-run-of-yours = تشغيل لنصك وإعداداتك
fault-most-pixels = 16000 بكسل للضلع على الأكثر
fault-128 = 128 وحدة على الأكثر
fault-room = متسع
fault-a-text = نص
fault-text = نص
fault-taken-file = ملف يقبله المتصفح
fault-below = عدد أقل من { $count }
fault-place-below = موضع أقل من { $count }
fault-between = عدد من { $low } إلى { $high }
fault-of-layers = من الطبقات وعددها { $layers } والرؤوس وعددها { $heads }، وكلاهما يُعدّ من 0
fault-of-tokens = من الوحدات وعددها { $count }، وتُعدّ من 0
fault-one-of = من بين { $names }
fault-one-of-these = من بين: { $names }
fault-true = true أو false
fault-a-list = قائمة وحدات
fault-a-layer = طبقة، تُعدّ من 0
fault-a-head = رأس، يُعدّ من 0
fault-head-like = طبقة ورأس مثل L3H1
fault-heads-like = رؤوس مثل L3 H1
fault-all-bytes = كل البايتات
fault-whole-file = الملف كله
fault-bytes = { $count } بايت
fault-at-most-bytes = { $count } بايت على الأكثر
fault-sum = بايتات مجموعها SHA-256 { $sum }
fault-rest-of-file = بقية الملف ({ $bytes })
fault-from-server = جواب من الخادم
fault-status-good = حالة HTTP 200 أو 206
fault-answer = جواب
fault-starts = عامل يبدأ
fault-version = الإصدار { $version }
fault-loaded = نموذج محمّل
fault-json = كائن JSON
fault-family = عائلة مدعومة ({ $names })
fault-both-have = وحدة في كلا النصين
fault-utf-8 = نص بترميز UTF-8
fault-whole-model = نموذج كامل
fault-float-weights = أوزان من نوع F32 أو F16 أو BF16
fault-parts-of-one = كل أجزاء ملف واحد وعددها { $count }
fault-parts-of = كل أجزاء { $file } وعددها { $count }
fault-none = لا شيء
fault-none-yet = لا شيء بعد
fault-more = أكثر
fault-another-one = غيره الآن
fault-a-part = جزء منه
fault-a-refusal = رفض
fault-refusal = رفض من المتصفح
fault-changed-colours = ألوان غيّرها هذا المتصفح
fault-older-run = تشغيل أقدم
fault-unread = ملف لا يمكن قراءته
fault-no-text = ملف ليس نصًا
fault-status = حالة HTTP { $status }
fault-after-bytes = { $why } بعد { $bytes } بايت
fault-quiet = لا شيء طوال { $seconds } ثانية
fault-stop = طلب إيقاف
fault-not-as-many = أقل من ذلك
fault-less-header = أقل من ترويسة
fault-cut-header = ترويسة مقطوعة
fault-other-header = ترويسة من نوع آخر
fault-more-than-says = أكثر مما يذكره
fault-behind-layer = الحالات الخفية بعد الطبقة { $layer }
fault-behind-decoder = الحالات الخفية بعد طبقة المفكك { $layer }
fault-finite = أعداد منتهية
fault-not-finite = أعداد غير منتهية أو ليست أعدادًا (NaN)
fault-lacks = الوحدة { $token } التي ليست في الآخر
fault-utf-16 = نص بترميز UTF-16
fault-an-adapter = مهايئ لنموذج آخر
fault-bits = أوزان من { $bits } بت ({ $method })
fault-quantized = أوزان مكمّمة ({ $method })
fault-no-part = لا جزء { $part }
fault-lists = قائمة من { $count } قوائم
