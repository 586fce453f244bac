import type { Language } from './language.ts';

export const ar: Language = {
  tag: 'ar',
  name: 'العربية',
  locale: 'ar',
  texts: {
    brand: 'حالة {app}',
    'page.description': 'الحالة الراهنة والسجل الخاص بـ {title}.',
    'page.skip': 'انتقل إلى المحتوى',
    'page.language': 'اللغة',

    'state.up': 'يعمل',
    'state.degraded': 'أداء متراجع',
    'state.down': 'انقطاع',
    'state.maintenance': 'صيانة',
    'state.unknown': 'لا بيانات',

    'now.empty': 'لا يوجد ما نعرضه بعد',
    'now.empty.detail': 'تظهر الحالة هنا فور بدء مراقبة الخدمات.',
    'now.starting': 'بدأنا المراقبة للتو',
    'now.starting.detail': 'نراقب: {names}. تصل النتائج الأولى بعد لحظات.',
    'now.working': 'كل شيء يعمل',
    'now.allDown': 'لا شيء يعمل حاليًا',
    'now.allUnknown': 'لا نعرف الحالة الراهنة',
    'now.down':
      '{count, plural, zero {لا خدمات متوقفة} one {لا تعمل حاليًا: {names}} two {لا تعملان حاليًا: {names}} few {لا تعمل حاليًا: {names}} many {لا تعمل حاليًا: {names}} other {لا تعمل حاليًا: {names}}}',
    'now.down.many':
      '{count, plural, zero {لا خدمات متوقفة} one {خدمة واحدة لا تعمل} two {خدمتان لا تعملان} few {# خدمات لا تعمل} many {# خدمة لا تعمل} other {# خدمة لا تعمل}}',
    'now.degraded':
      '{count, plural, zero {لا خدمات متراجعة} one {لا تعمل جيدًا: {names}} two {لا تعملان جيدًا: {names}} few {لا تعمل جيدًا: {names}} many {لا تعمل جيدًا: {names}} other {لا تعمل جيدًا: {names}}}',
    'now.degraded.many':
      '{count, plural, zero {لا خدمات متراجعة} one {خدمة واحدة لا تعمل جيدًا} two {خدمتان لا تعملان جيدًا} few {# خدمات لا تعمل جيدًا} many {# خدمة لا تعمل جيدًا} other {# خدمة لا تعمل جيدًا}}',
    'now.maintenance':
      '{count, plural, zero {لا خدمات قيد الصيانة} one {قيد الصيانة: {names}} two {قيد الصيانة: {names}} few {قيد الصيانة: {names}} many {قيد الصيانة: {names}} other {قيد الصيانة: {names}}}',
    'now.maintenance.many':
      '{count, plural, zero {لا خدمات قيد الصيانة} one {خدمة واحدة قيد الصيانة} two {خدمتان قيد الصيانة} few {# خدمات قيد الصيانة} many {# خدمة قيد الصيانة} other {# خدمة قيد الصيانة}}',
    'now.unknown': 'لا بيانات حالية عن: {names}',
    'now.unknown.many':
      '{count, plural, zero {توجد بيانات عن كل الخدمات} one {لا بيانات حالية عن خدمة واحدة} two {لا بيانات حالية عن خدمتين} few {لا بيانات حالية عن # خدمات} many {لا بيانات حالية عن # خدمة} other {لا بيانات حالية عن # خدمة}}',
    'now.degraded.detail': 'أبطأ أو أقل استقرارًا من المعتاد، لكن يمكن استخدامها.',
    'now.rest': 'كل ما عدا ذلك يعمل.',
    'now.cause': 'السبب مشكلة في: {names}.',
    'now.cause.internal': 'السبب مشكلة في خدمة داخلية.',
    'now.since': 'منذ {time}',
    'now.checked': 'آخر فحص {time}',
    'now.unchecked': 'لم يُجرَ أي فحص بعد',

    'services.title': 'الخدمات',
    'services.every': 'فحص كل {duration}',
    'services.everyUpTo': 'فحص كل {duration} على الأكثر',
    'services.daysAgo':
      '{days, plural, zero {اليوم} one {قبل يوم واحد} two {قبل يومين} few {قبل # أيام} many {قبل # يومًا} other {قبل # يوم}}',
    'services.today': 'اليوم',
    'services.days': '{days, plural, zero {# يوم} one {يوم واحد} two {يومان} few {# أيام} many {# يومًا} other {# يوم}}',
    'services.legend': 'معاني الرموز',
    'services.legend.height': 'كلما ارتفع العمود كان اليوم أسوأ',

    'uptime.measured': 'متاحة بنسبة {percent}',
    'uptime.none': 'لم تُقَس بعد',
    'uptime.since': 'القياس منذ {date}',
    'uptime.coverage': 'القياس خلال {percent} من الوقت',
    'uptime.coverageTiny': 'القياس خلال أقل من 1% من الوقت',

    'bars.label':
      '{name}، {days, plural, zero {# يوم} one {آخر يوم} two {آخر يومين} few {آخر # أيام} many {آخر # يومًا} other {آخر # يوم}}: {uptime}.',
    'bars.quiet': 'لا مشكلات في أي يوم مقيس.',
    'bars.affected':
      '{count, plural, zero {لا أيام متأثرة: {events}.} one {يوم متأثر واحد: {events}.} two {يومان متأثران: {events}.} few {# أيام متأثرة: {events}.} many {# يومًا متأثرًا: {events}.} other {# يوم متأثر: {events}.}}',
    'bars.latest':
      '{count, plural, zero {لا أيام متأثرة، آخرها: {events}.} one {يوم متأثر واحد، آخرها: {events}.} two {يومان متأثران، آخرها: {events}.} few {# أيام متأثرة، آخرها: {events}.} many {# يومًا متأثرًا، آخرها: {events}.} other {# يوم متأثر، آخرها: {events}.}}',
    'bars.event': '{date} {state}، {duration}',

    'days.affected':
      '{count, plural, zero {لا أيام متأثرة} one {يوم متأثر واحد} two {يومان متأثران} few {# أيام متأثرة} many {# يومًا متأثرًا} other {# يوم متأثر}}',
    'days.affectedOf':
      '{count, plural, zero {لا أيام متأثرة من {days}} one {يوم متأثر واحد من {days}} two {يومان متأثران من {days}} few {# أيام متأثرة من {days}} many {# يومًا متأثرًا من {days}} other {# يوم متأثر من {days}}}',
    'days.caption':
      '{name}: الأيام المتأثرة في {days, plural, zero {# يوم} one {آخر يوم} two {آخر يومين} few {آخر # أيام} many {آخر # يومًا} other {آخر # يوم}}',
    'days.day': 'اليوم',
    'days.state': 'الحالة',
    'days.for': 'المدة',
    'days.when': 'الوقت، UTC',
    'days.open': 'منذ {time}',
    'days.more':
      '{count, plural, zero {لا أيام أسبق} one {ويوم أسبق واحد} two {ويومان أسبقان} few {و# أيام أسبق} many {و# يومًا أسبق} other {و# يوم أسبق}}',

    'ready.title': 'مدى جاهزيتنا',
    'ready.note': 'نتائج مقيسة لا وعود.',
    'ready.now': 'قبل أقل من دقيقة',
    'ready.backup': 'آخر نسخة احتياطية ثبتت سلامتها باستعادة كاملة',
    'ready.backup.took': 'استغرقت الاستعادة والفحص {duration}',
    'ready.backup.taken': 'ببيانات {time}',
    'ready.backup.none': 'لم تثبت سلامة أي نسخة احتياطية بعد',
    'ready.backup.part': 'ليست كل البيانات بعد',
    'ready.backup.part.detail':
      'استُعيد وفُحص {proven} من {stores, plural, zero {# مخزن بيانات} one {مخزن بيانات واحد} two {مخزني بيانات} few {# مخازن بيانات} many {# مخزن بيانات} other {# مخزن بيانات}}',
    'ready.alert': 'آخر تنبيه تم تسليمه',
    'ready.alert.took': 'جرى استلامه بعد {duration} من تيقّننا',

    'past.title': 'أحداث سابقة',
    'past.window':
      '{days, plural, zero {# يوم} one {آخر يوم} two {آخر يومين} few {آخر # أيام} many {آخر # يومًا} other {آخر # يوم}}',
    'past.quiet': 'لا مشكلات',
    'past.down':
      '{count, plural, zero {لم يحدث انقطاع} one {توقفت عن العمل: {names}} two {توقفتا عن العمل: {names}} few {توقفت عن العمل: {names}} many {توقفت عن العمل: {names}} other {توقفت عن العمل: {names}}}',
    'past.down.many':
      '{count, plural, zero {لم تتوقف أي خدمة} one {توقفت خدمة واحدة} two {توقفت خدمتان} few {توقفت # خدمات} many {توقفت # خدمة} other {توقفت # خدمة}}',
    'past.degraded':
      '{count, plural, zero {لم يتراجع الأداء} one {لم تعمل جيدًا: {names}} two {لم تعملا جيدًا: {names}} few {لم تعمل جيدًا: {names}} many {لم تعمل جيدًا: {names}} other {لم تعمل جيدًا: {names}}}',
    'past.degraded.many':
      '{count, plural, zero {لم يتراجع أداء أي خدمة} one {لم تعمل خدمة واحدة جيدًا} two {لم تعمل خدمتان جيدًا} few {لم تعمل # خدمات جيدًا} many {لم تعمل # خدمة جيدًا} other {لم تعمل # خدمة جيدًا}}',
    'past.maintenance':
      '{count, plural, zero {لم تُجرَ صيانة} one {كانت قيد الصيانة: {names}} two {كانتا قيد الصيانة: {names}} few {كانت قيد الصيانة: {names}} many {كانت قيد الصيانة: {names}} other {كانت قيد الصيانة: {names}}}',
    'past.maintenance.many':
      '{count, plural, zero {لم تُصَن أي خدمة} one {كانت خدمة واحدة قيد الصيانة} two {كانت خدمتان قيد الصيانة} few {كانت # خدمات قيد الصيانة} many {كانت # خدمة قيد الصيانة} other {كانت # خدمة قيد الصيانة}}',
    'past.chip': '{state}، {duration}',

    'footer.support': 'تواصل مع الدعم',
    'footer.utc': 'كل الأوقات بالتوقيت العالمي المنسق UTC.',
  },
};
