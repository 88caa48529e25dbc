"""The jobs of this folder by name, for those who enqueue them and need not import what they need."""

WATCH = "chatbot.chat_jobs.jobs.watch"
DETAILS = "chatbot.chat_jobs.jobs.details"
PAGE = "chatbot.chat_jobs.jobs.page"
REPLY = "chatbot.chat_jobs.jobs.reply"
AFTER_DELIVERY = "chatbot.chat_jobs.jobs.after_delivery"
ANSWER = "chatbot.chat_jobs.questions.answer"
AFTER_ANSWER = "chatbot.chat_jobs.questions.after_answer"
