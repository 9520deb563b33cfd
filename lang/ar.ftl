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
restore = أعده كما كان (r)
scene-waiting = جملتك. لم يقرأها النموذج بعد.
picture-none = لم يُرسم شيء بعد.

## The head of the page

tagline = إلى أين ينتبه كل رأس في محوِّل (transformer) حقيقي، لأي جملة.
undo = ↷ تراجع
redo = ↶ إعادة
keys = ? المفاتيح
to-dark = ☾ داكن
to-light = ☀ فاتح
choose-language = اللغة
more = المزيد
notes = ملاحظات
skip-to-picture = إلى الرسم
region-page = الصفحة
region-caption = ما يقوله الرسم
inspector = التفاصيل
tab-heads = الرؤوس
tab-heatmap = خريطة حرارية
tab-row = الصف
tab-steps = خطوة خطوة
tab-effect = الأثر
tab-charts = مخططات
explains-nothing = يبيّن الانتباه من أين يقرأ الرأس، لا لماذا يقرر النموذج: إنه ليس تفسيرًا لقرار.
stays-here = كل ما هنا يُحسب في متصفحك، ولا يغادره أي نص.
needs-script = تشغّل Attnscope شبكة عصبية في متصفحك، فهي تحتاج إلى JavaScript وWebAssembly.
start-file = فُتحت هذه الصفحة كملف، والمتصفحات لا تشغّلها بهذه الطريقة. قدِّم مجلدها عبر خادم ويب: شغّل فيه مثلًا «python3 -m http.server» ثم افتح http://localhost:8000/.
start-wasm = تحتاج Attnscope إلى WebAssembly، وهي غير متوفرة هنا أو ممنوعة. قد يمنعها وضع المنع (Lockdown Mode) أو إعداد في المتصفح أو سياسة أمان المحتوى (Content-Security-Policy) لهذا الموقع. اسمح بها لهذه الصفحة أو استخدم متصفحًا آخر.
start-part = تعذّر تحميل جزء من هذه الصفحة: { $file }. تحقّق من اتصالك وأعد تحميل الصفحة. إن لم يُجدِ ذلك فأخبر من يدير هذا الموقع.
start-failed = تعذّر تشغيل الصفحة: { $error }. أعد تحميلها، أو استخدم إصدارًا حديثًا من متصفحك.
not-found = لا يوجد شيء في هذا العنوان.
is-here = صفحة Attnscope هنا.
lesson-open = الدرس
lesson-coming = الدرس في الطريق …
lesson-lost = تعذّر جلب الدرس.

## The text

region-text = النص
type-a-sentence = اكتب جملة
second-text = نص ثانٍ يُقرأ مع الأول
examples = أمثلة
or-try = أو جرّب
example-big = الكأس، كبيرة
example-small = الكأس، صغيرة
example-animal = الحيوان
example-banks = ضفة ومصرف
example-pair = زوج من النصوص
big-to-small = big ← small
small-to-big = small ← big
add-second = + نص ثانٍ
drop-second = − النص الثاني
invitation = اكتب جملة في الأعلى أو خذ أحد الأمثلة لترى ما تقرؤه كلماتها بعضها من بعض.
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
note-no-start = لا يضع مقطّع هذا النموذج رمز بداية قبل النص: فيحل الرمز الأول محله، وتركن إليه رؤوس كثيرة وزنها.
note-two-starts = يبدأ النص بـ { $token }، ويضع المقطّع قبله رمزًا آخر مثله: فيقرأ النموذج اثنين. احذفه من النص ليبقى واحد.
note-guessed-split = لا يذكر ملف GGUF هذا كيف يقسّم مقطّعه النص (tokenizer.ggml.pre)، ومفرداته ليست مما تعرفه هذه الصفحة. يُقسَّم النص كما في GPT-2، وقد تختلف رموز النموذج نفسه.
field-cut = يتسع هذا الحقل لـ{ $characters } محرف و{ $lines } سطر على الأكثر. بقية النص ليست فيه.

## The model, and how far it is

saved-own = ترى تشغيلًا محفوظًا لهذه الجملة.
saved-other = سيُقرأ نصك حالما يصل النموذج.
saved-by = ترى تشغيلًا محفوظًا من النموذج { $model }.
computed-elsewhere = ترى انتباهًا حُسب في مكان آخر بنموذج { $model }.
model-waits = سيُجلب النموذج عندما تطلب المزيد.
fetch-now = اجلبه الآن
model-starting = البحث عن النموذج …
model-preparing = تجهيز النموذج …
model-preparation = تجهيز النموذج
model-download = تنزيل النموذج
model-downloading = يجري تنزيل النموذج: { $got } من { $total } م.ب في { $seconds } ث
model-reading = يُقرأ النموذج من مخزن هذا المتصفح: { $got } من { $total } م.ب في { $seconds } ث
model-reading-own = تُقرأ ملفاتك: { $got } من { $total } م.ب في { $seconds } ث
seconds-left = {"، "}بقي { $seconds } ث
model-retrying = محاولة أخرى بعد { $seconds } ث، من حيث توقف.
not-kept = لا يحفظ هذا المتصفح النموذج: سيُعاد تنزيل { $megabytes } م.ب في المرة القادمة.
your-model = نموذجك
model-stopped = أُوقف التحميل، وما وصل منه محفوظ.
carry-on = تابع
engine-silent = المحرك لا يستجيب. يمكنك أن تنتظر أو أن تشغّله من جديد، ويبقى ما كتبته.
engine-again = شغّله من جديد
model-ready = { $name }: { $layers ->
    [zero] بلا طبقات
    [one] طبقة واحدة
    [two] طبقتان
    [few] { $layers } طبقات
    [many] { $layers } طبقةً
   *[other] { $layers } طبقة
 }، في كل منها { $heads ->
    [zero] لا رأس
    [one] رأس واحد
    [two] رأسان
    [few] { $heads } رؤوس
    [many] { $heads } رأسًا
   *[other] { $heads } رأس
 }، و{ $millions } مليون معامل
tokens-read = { $tokens ->
    [zero] لم تُقرأ أي وحدة، في { $millis } مللي ثانية على هذا الجهاز
    [one] قُرئت وحدة واحدة في { $millis } مللي ثانية على هذا الجهاز
    [two] قُرئت وحدتان في { $millis } مللي ثانية على هذا الجهاز
    [few] قُرئت { $tokens } وحدات في { $millis } مللي ثانية على هذا الجهاز
    [many] قُرئت { $tokens } وحدةً في { $millis } مللي ثانية على هذا الجهاز
   *[other] قُرئت { $tokens } وحدة في { $millis } مللي ثانية على هذا الجهاز
 }
reading-on = يقرأ …
layers-read = قُرئت { $here } من { $all } طبقات …
version-here = توجد نسخة جديدة. {""}
version-take = أعد التحميل لاستخدامها
tools-lost = تعذّر جلب أدوات هذه الصفحة، وما على الشاشة يبقى يعمل. {""}
link-lost = لم يُفهم كل ما في هذا الرابط. { $faults }
link-too-long = هذا النص أطول من أن يتسع له رابط، فليس في عنوان الصفحة. احفظ لقطة بدلًا من ذلك (في «احفظ وشارك»): فيها التشغيل كله.
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
find-how = اختر رمزًا: تُرتَّب الرؤوس بحسب مقدار قراءتها منه انطلاقًا من الكلمة المختارة.
head-off = إيقاف
head-off-means = أوقف هذا الرأس أو أعد تشغيله
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
special-tokens = الوحدات الخاصة
special-show = أظهرها
special-mask = أخفها فقط
special-renormalise = أعد التسوية
mass-before = أضلاع تحمل {""}
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
difference-one = يغيّر قراءته من
difference-many = تغيّر، في المتوسط، قراءتها من
row-spoken = { $name }: { $queries } { $verb } { $keys }
row-spoken-none = { $name }، لم تُختر أي وحدة
choose-a-token = اختر وحدة لترى من أين تقرأ. المرسوم الآن: أقوى { $count } من { $what } في { $name }.
hides-mean = المتوسط يخفي ما يفعله كل رأس، وقد يكون شيئًا لا يفعله أي رأس
hides-rollout = التدحرج يعدّ نصف كل وحدة باقيًا كما هو في كل طبقة، ويخفي الرؤوس والقيم
sum-weight = مجموع الأوزان { $sum }
sum-score = الدرجات قبل softmax: لا يهم إلا بُعد بعضها عن بعض
sum-norm = مجموع الأطوال { $sum }، وقد تُلغي المتجهات بعضها بعضًا
sum-rollout = مجموع الحصص { $sum }
sum-difference = مجموع الفروق { $sum }
row-unavailable = لا أوزان متاحة لهذا الرمز هنا
drawn = الأضلاع المرسومة إلى { $keys } من أصل { $tokens ->
    [zero] 0 وحدة
    [one] وحدة واحدة
    [two] وحدتين
    [few] { $tokens } وحدات
    [many] { $tokens } وحدةً
   *[other] { $tokens } وحدة
 } تحمل { $percent } % منه
drawn-score = الأضلاع المرسومة إلى { $keys } من أصل { $tokens ->
    [zero] 0 وحدة
    [one] وحدة واحدة
    [two] وحدتين
    [few] { $tokens } وحدات
    [many] { $tokens } وحدةً
   *[other] { $tokens } وحدة
 } تحمل { $percent } % من الوزن الناتج عنها
drawn-difference = الأضلاع المرسومة إلى { $keys } من أصل { $tokens ->
    [zero] 0 وحدة
    [one] وحدة واحدة
    [two] وحدتين
    [few] { $tokens } وحدات
    [many] { $tokens } وحدةً
   *[other] { $tokens } وحدة
 } تحمل { $percent } % من كل التغيّر
hidden = { $amount } على الوحدات الخاصة مخفي
hidden-scaled = { $amount } على الوحدات الخاصة مخفي، والباقي مكبَّر حتى 1
dot-means = النقطة علامة على جزء يكمل كلمة
line-means = الوحدات المسطَّرة ليست في مفردات النموذج: يقرؤها كلها وحدةً مجهولة واحدة
formula-means = خرج الرأس لهذه الوحدة: قيم الوحدات التي تقرؤها، ممزوجة بهذه الأوزان
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
table-all = أظهر الرموز كلها ({ $count })
table-fewer = أظهر أقل
row-none = اختر كلمة في الجملة لترى صفها.

## Pictures, and what keys do in them

region-sentence = الجملة
region-heatmap = الخريطة الحرارية
region-heatmap-other = الخريطة الحرارية للآخر
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
legend-range = هنا: من { $low } إلى { $high }
keys-sentence = مفاتيح الأسهم تنقل الوحدة المستعلِمة، وEscape يفلتها.
keys-heatmap = مفاتيح الأسهم تنقل الخلية، وEnter يختار صفها.
keys-grid = مفاتيح الأسهم تختار رأسًا آخر، والمفتاح x يوقفه أو يشغّله.
keys-inside = مفاتيح الأسهم تنقل المفتاح.
keys-chart = السهمان الأيسر والأيمن يختاران رأسًا من طبقة أخرى، والأعلى والأسفل الرأس التالي في طبقته بحسب القيمة.
map-of-head = الخريطة الحرارية للرأس { $head }
map-of-layer = الخريطة الحرارية للطبقة { $layer }
map-of-other = الآخر، كل المستعلِمين
cell-none = أشر إلى خلية لتقرأ رقمها.
cell = { $query } يقرأ { $key }: { $value }
cell-hidden = { $query } يقرأ { $key }: مخفي
cell-alone = { $query } يقرأ { $key }: ليس في النصين معًا، أو مخفي
all-heads = كل الرؤوس
all-heads-of = { $heads ->
    [zero] لا رؤوس
    [one] رأس واحد
    [two] الرأسان كلاهما
    [few] الرؤوس كلها ({ $heads })
    [many] الرؤوس كلها ({ $heads })
   *[other] الرؤوس كلها ({ $heads })
 }
grid-by-place = خريطة صغيرة لكل رأس؛ { $scale }. أشر للمعاينة وانقر للاختيار.
grid-by-rank = بالترتيب المختار، صفًا بعد صف، وكل منها مسمى بطبقته ورأسه؛ { $scale }. أشر للمعاينة وانقر للاختيار.
scale-mean = أوزان كل رأس وحده، بألوان الخريطة الحرارية لمتوسطها
scale-rollout = أوزان كل رأس وحده؛ ولخريطة التدحرج مقياس خاص بها
scale-all = الألوان كما في الخريطة الحرارية: مقياس الجذر التربيعي، واحد لكل الرؤوس

## Finding heads

find-a-head = ابحث عن رأس
order = الترتيب
order-place = الطبقة والرأس
order-entropy = الإنتروبيا، الأقل بتات أولًا
order-distance = البعد، الأقصر أولًا
order-sinks = الوزن على المصارف، الأقل أولًا
order-reads = كم يقرأ الوحدة المختارة هنا
order-label = كم تلائمه تسميته
order-change = كم يتغير، الأكثر أولًا
order-moved = كم تحوّل إلى الوحدة الثانية
heads-that-are = الرؤوس التي هي
any = أي رأس
choose-one = اختر واحدة
which-reads = أي رأس يقرأ هذه الوحدة؟
which-turned = وأيها تحوّل عنها إلى هذه؟
head-on-text = { $head } على هذا النص: الإنتروبيا { $bits } بت، ومتوسط البعد { $distance } وحدة، و{ $sinks } من الوزن على المصارف.
label-told = { $label } ({ $score }): { $evidence }
no-label = بلا تسمية.
head-unavailable = { $head }: أوزانه غير متاحة.
read-most = أكثر ما يقرأ { $keys } من { $queries }: { $heads }.
label-previous = الوحدة السابقة
label-next = الوحدة التالية
label-self = نفسها
label-same = الوحدة ذاتها
label-induction = الاستقراء
label-punctuation = علامات الترقيم
label-separator = الفاصل
label-sink = المصرف
label-broad = واسع
evidence-read = { $score } من الوزن خارج المصارف يذهب إلى { $keys }؛ والقراءة بالتساوي تعطي { $even }.
keys-previous = الوحدة التي قبلها
keys-next = الوحدة التي بعدها
keys-self = الوحدة نفسها
keys-punctuation = علامات الترقيم
keys-same = الوحدة ذاتها في موضع آخر
keys-induction = ما جاء بعد الوحدة ذاتها من قبل
evidence-sinks = { $score } من الوزن على المصارف؛ والقراءة بالتساوي تعطي { $even }.
evidence-separators = { $score } من الوزن على الفواصل؛ والقراءة بالتساوي تعطي { $even }.
evidence-broad = الوزن خارج المصارف موزع كأنه بالتساوي على { $score } من الوحدات.

## Inside a head

inside-open = داخل هذا الرأس
inside-close = أغلق داخل هذا الرأس
inside-none = لا شيء يُنظر في داخله
choose-query = اختر وحدة مستعلِمة.
numbers-later = تأتي الأرقام مع النموذج.
largest-first = أكبر الإسهامات أولًا
row-temperature = حرارة هذا الصف وحده {""}
back-to-one = عودة إلى 1
heat-model = حرارة { $now } بدلًا من 1
heat-run = حرارة 1 بدلًا من { $run } في هذا التشغيل
not-the-runs = عند { $softened }: ليست أوزان هذا التشغيل
not-the-models = عند { $softened }: ليست أوزان النموذج
run-is-other = أوزان هذا التشغيل غير هذه.
model-is-other = هذه ليست أوزان النموذج.
inside-masked = { $dot } = { $product }؛ القناع يمنع { $query } من قراءة { $key }.
inside-told = { $dot } = { $product }؛ بالقسمة على √{ $d } تصير الدرجة { $score }؛ وsoftmax على الصف يجعلها الوزن { $weight }؛ وبضربه في طول القيمة { $length } يضيف إلى الخرج متجهًا طوله { $share }.
inside-told-at = { $dot } = { $product }؛ بالقسمة على √{ $d } تصير الدرجة { $score }؛ وsoftmax على الصف عند { $softened } يجعلها الوزن { $weight }؛ وبضربه في طول القيمة { $length } يضيف إلى الخرج متجهًا طوله { $share }.
inside-title = داخل { $head }: { $query } يقرأ { $key }. { $told }
vector-q = q لـ { $query }
vector-k = k لـ { $key }
vector-sum = المجموع { $sum }
dimensions-sorted = الأبعاد بحسب ما تضيفه
dimensions-plain = الأبعاد بحسب الرقم
inside-score = الدرجة
inside-weight = الوزن
inside-share = الوزن × |v|
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
compare-unaltered = الأصلي
compare-text = نص آخر
shown-as = العرض
shown-difference = الفرق
shown-apart = جنبًا إلى جنب
compare-example = مثال: ما الذي يتحرك عندما تصبح “big” كلمة “small”
compare-other = النص الذي يُقارن به
compare-end = أنهِ المقارنة
compared-with = مقارنة مع
unaltered-title = النموذج الأصلي
nothing-altered = لا فرق بعد: غيّر النموذج وانظر ما يتحرك.
no-other-text = اكتب النص الذي تقارن به.
same-texts = لا فرق: النصان متطابقان. غيّر أحدهما وانظر ما يتحرك.
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
no-change = لا يختلف أي وزن بينها.
marks-apart = وحدةً بوحدة، يضيء ما هو في كليهما في كليهما.
marks-difference = المتصل الأزرق أكثر مما هناك، والمتقطع أو المخطط بلون المغرة أقل.
heads-change = أكثر الرؤوس تغيرًا، في متوسط كل الخلايا: { $heads }.
heads-turned = عند قراءة { $query }، الرؤوس التي تحولت من { $from } إلى { $to }: { $most }. وبالعكس: { $least }.
none = لا شيء

## What comes of it

downstream-open = ما ينتج عنه
downstream-close = أغلق ما ينتج عنه
predict-choose = اختر وحدة لترى ما يتوقعه النموذج مكانها.
in-other-text = ({ $probability } في النص الآخر)
before-change = ({ $probability } قبل التغيير)
predicted = مكان { $token } يتوقع النموذج بهذه الاحتمالات: { $likely }.
predicts-nothing = يصنع هذا النموذج متجهًا واحدًا من الجملة ولا يتوقع كلمات. أضف نصًا ثانيًا، أو قارن بنص آخر، أو غيّر النموذج، لترى كم يراها متشابهة.
alike-pair = جيب تمام الزاوية بين تضميني النصين، وكل منهما مقروء وحده، هو { $cosine }.
alike-compared = جيب تمام الزاوية بين تضميني النص وما يُقارن به هو { $cosine }.
alike-before = وكان قبل التغيير { $cosine }.
alike-altered = جيب تمام الزاوية بين تضمين هذا المدخل وتضمينه قبل التغيير هو { $cosine }.

## Other models

models-open = اختر نموذجًا آخر …
models-title = اختر نموذجًا
models-name = نموذج من المستودع بصيغة owner/name، أو عنوان ملف GGUF أو مجلد نموذج
models-look = ابحث عنه
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
models-several = عدة ملفات من هذا المستودع مناسبة. اختر واحدًا:
models-choice = { $file }: ‏{ $megabytes } م.ب
models-load = حمّله
models-list = نماذج للبداية
models-entry = { $name }، نحو { $megabytes } م.ب، { $licence }
models-files = أو ملفات من جهازك: ملف GGUF واحد، أو config.json وملفات safetensors و tokenizer.json معًا
models-folder = أو مجلد يحتويها
models-hub = عنوان المستودع، إن كنت تستخدم نسخة منه
models-hosts = تأتي ملفات النموذج من المضيف الذي تسميه، ولا يُرسَل إليه أي نص تكتبه.
models-stored = محفوظ في هذا المتصفح
models-kept = { $address }: ‏{ $megabytes } م.ب
models-forget = احذف
models-none-kept = لا نموذج محفوظ.
models-back = عُد إلى نموذج هذه الصفحة
asked-model = ما فتحتَه يسمّي نموذجًا آخر: { $name } من { $host }. إلى أن توافق، يقرأ النصَّ النموذجُ الموجود.
asked-request = حجمه وترخيصه لا يُعرفان إلا لدى { $host }؛ وللبحث عنه تسأل هذه الصفحة هناك. لا يُرسل معه أي نص تكتبه.
asked-stay = البقاء مع هذا النموذج
part-encoder = الطبقة { $layer } هي طبقة المشفِّر { $own }: النص الأول يقرأ نفسه.
part-decoder = الطبقة { $layer } هي طبقة المفكِّك { $own }: النص الثاني يقرأ نفسه، وكل رمز يقرأ ما قبله.
part-cross = الطبقة { $layer } هي الانتباه المتقاطع لطبقة المفكِّك { $own }: النص الثاني يقرأ من الأول.
write-on = دع النموذج يكمل الكتابة
writing-on = النموذج يكتب …
predict-behind-choose = اختر رمزًا لترى ما يتوقعه النموذج بعده.
predicted-behind = بعد { $token } يتوقع النموذج، بهذه الاحتمالات: { $likely }.

## Charts

charts = الرسوم البيانية
charts-close = أغلق الرسوم البيانية
measure = المقياس
measure-entropy = الإنتروبيا
measure-distance = متوسط البعد
measure-sinks = الوزن على المصارف
every-head = كل رأس بحسب الطبقة
chart-later = يأتي الرسم مع النموذج.
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
cost-heading = ما يكلفه الطول
cost-square = تُقارن كل وحدة بكل وحدة: يحسب الرأس n² وزنًا لعدد n من الوحدات، أي 256 لـ16 و262,144 لـ512.
cost-rest = وبقية النموذج تنمو مع n وحدها.
cost-measure = قِس على هذا الجهاز
cost-later = يُقاس عندما يصل النموذج.
cost-timed = التشغيلات المقيسة
cost-time = { $tokens ->
    [zero] { $tokens } وحدة { $millis } مللي ثانية
    [one] وحدة واحدة { $millis } مللي ثانية
    [two] وحدتان { $millis } مللي ثانية
    [few] { $tokens } وحدات { $millis } مللي ثانية
    [many] { $tokens } وحدةً { $millis } مللي ثانية
   *[other] { $tokens } وحدة { $millis } مللي ثانية
 }
cost-told = قيس هنا، وسيط كل طول: { $times }.
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
square-alone = n² وحدها

## Changing the model

alter = غيّر النموذج
altered = النموذج مغيَّر: {""}
altered-list = { $changes }. {""}
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
has-no-positions = لا مواضع له
has-another-order = يقرأ الكلمات بترتيب آخر
has-temperature = حرارة softmax فيه { $temperature }
is-causal = لا تقرأ أي وحدة ما يأتي بعدها
heads = الرؤوس
switch-on = شغّل { $head }
switch-off = أوقف { $head }
layer-off = أوقف طبقته كلها
others-off = أوقف كل الرؤوس سواه
positions-and-order = المواضع والترتيب
take-positions = انزع المواضع
shuffle = اخلط الكلمات
shuffle-again = اخلط من جديد
causal = القراءة إلى الوراء فقط (قناع سببي)
softmax-temperature = حرارة softmax {""}

## Saving and sharing

share = احفظ وشارك
copy-link = انسخ الرابط
link-copied = الرابط في الحافظة.
link-copy-by-hand = انسخ هذا الرابط: { $link }
save-snapshot = احفظ لقطة
snapshot-saved = حُفظ { $file }: { $kilobytes } ك.ب، والأوزان مختلفة بـ0.000008 على الأكثر. افتحه هنا، أو أعط عنوانه لعنصر <attn-scope>.
open-snapshot = افتح لقطة، أو أفلتها على الصفحة
share-own-files = لا يمكن للرابط أن يسمي ملفاتك: يُفتح بنموذج هذه الصفحة.
pictures = الصور
picture = الصورة
picture-as = بصيغة
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
the-inside = داخل الرأس
the-chart = الرسم البياني
the-cost = كلفة الطول
row-csv = هذا الصف بصيغة CSV
head-csv = هذا الرأس بصيغة CSV
row-tabs = هذا الصف كجدول لبرامج الجداول
head-tabs = هذا الرأس كجدول لبرامج الجداول
run-json = التشغيل كله بصيغة JSON
run-safetensors = التشغيل كله بصيغة safetensors
the-caption = الشرح
on-clipboard = في الحافظة الآن: { $what }.
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
caption-renormalise = الوحدات الخاصة مخفية، والباقي مكبَّر حتى 1.
caption-altered = النموذج مغيَّر: { $changes }.

## In a page of one's own

embed-open = ضمّن …
embed-title = في صفحة من صفحاتك
embed-with = مع
embed-none = الجملة وحدها
embed-simple = جملة تُكتب ورؤوسها
embed-full = كل شيء
embed-language = بلغة
embed-readers = القارئ نفسه
embed-still = مع صورة ثابتة لمن ليس لديه JavaScript
embed-lock = لا يغيّر القراء شيئًا
embed-lines = ضع هذه الأسطر حيث تريدها
embed-copy = انسخ الأسطر
embed-copied = الأسطر في الحافظة.
embed-by-hand = حدّد الأسطر أعلاه وانسخها.
embed-preview = هكذا ستبدو
preview = معاينة
frame-title = الانتباه في «{ $text }»
a-sentence = جملة

## Keys

keys-title = المفاتيح
key-arrows = مفاتيح الأسهم
keys-tab = إلى الصورة أو الأداة التالية
keys-arrows = في الجملة: وحدة مستعلِمة أخرى؛ في الخريطة الحرارية: خلية أخرى؛ في كل الرؤوس وفي رسمها البياني: رأس آخر؛ داخل رأس: مفتاح آخر
keys-home = في الجملة: الوحدة الأولى، الأخيرة
keys-enter = في الخريطة الحرارية: اختيار الصف (ومع Shift: إضافته)
keys-x = في كل الرؤوس: إيقاف الرأس أو تشغيله
keys-escape = إفلات: للمعاينة، ثم للوحدات؛ وداخل إطار: للمفاتيح، فتعود إلى الصفحة المحيطة
keys-restore = في صورة: إعادة النموذج كما كان
keys-undo = تراجع، إعادة (على Mac مع Command؛ وCtrl+Y يعيد أيضًا)
keys-help = في صورة: هذه المفاتيح
keys-letters = تعمل الحروف و«؟» حين يكون التركيز على صورة

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
