-- A store as the second revision wrote it. Never changed: later programs must open it.
PRAGMA application_id = 1316443240;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE article (
	id INTEGER NOT NULL,
	feed_id VARCHAR(64) NOT NULL,
	"key" TEXT NOT NULL,
	guid TEXT,
	link TEXT,
	digest VARCHAR(64) NOT NULL,
	fingerprint VARCHAR(64) NOT NULL,
	title TEXT NOT NULL,
	content JSON NOT NULL,
	first_seen DATETIME NOT NULL,
	CONSTRAINT pk_article PRIMARY KEY (id),
	CONSTRAINT fk_article_feed_id FOREIGN KEY(feed_id) REFERENCES feed (id),
	CONSTRAINT uq_article_feed_id_key UNIQUE (feed_id, "key")
);
INSERT INTO "article" VALUES(1,'world','guid:guid-one','guid-one','news.example/one','digest-one','one|Body of one – «Ünïcödé» 日本 📰','one','{"url":"https://news.example/one","author":"A. Writer","published":"2026-11-01T08:30:00.123456+00:00","updated":null,"summary":"In short.","body":"Body of one – «Ünïcödé» 日本 📰","image":"https://news.example/lead.jpg","categories":["World","Science"],"enclosures":[{"url":"https://news.example/a.mp3","type":"audio/mpeg","length":12345}],"source":"The Test Courier"}','2026-11-24 12:00:00.000000');
INSERT INTO "article" VALUES(2,'world','guid:guid-two','guid-two','news.example/two','digest-two','two|Body of two – «Ünïcödé» 日本 📰','two','{"url":"https://news.example/two","author":"A. Writer","published":"2026-11-01T08:30:00.123456+00:00","updated":null,"summary":"In short.","body":"Body of two – «Ünïcödé» 日本 📰","image":"https://news.example/lead.jpg","categories":["World","Science"],"enclosures":[{"url":"https://news.example/a.mp3","type":"audio/mpeg","length":12345}],"source":"The Test Courier"}','2026-11-24 12:00:00.000000');
CREATE TABLE basket (
	member_id BIGINT NOT NULL,
	thread_id BIGINT NOT NULL,
	source_id BIGINT NOT NULL,
	position INTEGER NOT NULL,
	source_thread_id BIGINT NOT NULL,
	author_id BIGINT NOT NULL,
	name TEXT NOT NULL,
	at DATETIME NOT NULL,
	text TEXT NOT NULL,
	picked BOOLEAN NOT NULL,
	added_at DATETIME NOT NULL,
	CONSTRAINT pk_basket PRIMARY KEY (member_id, thread_id, source_id)
);
INSERT INTO "basket" VALUES(302,5001,40,0,5001,302,'Bob','2026-11-24 11:00:00.000000','said',0,'2026-11-24 12:00:00.000000');
CREATE TABLE feed (
	id VARCHAR(64) NOT NULL,
	title TEXT NOT NULL,
	initialised_at DATETIME NOT NULL,
	warnings JSON NOT NULL,
	CONSTRAINT pk_feed PRIMARY KEY (id)
);
INSERT INTO "feed" VALUES('world','The Test Courier','2026-11-24 12:00:00.000000','[]');
CREATE TABLE "job" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	story_id INTEGER NOT NULL,
	kind VARCHAR(16) NOT NULL,
	state VARCHAR(16) NOT NULL,
	lane VARCHAR(32) NOT NULL,
	token VARCHAR(32) NOT NULL,
	payload JSON NOT NULL,
	attempt INTEGER NOT NULL,
	in_doubt BOOLEAN NOT NULL,
	not_before DATETIME NOT NULL,
	started_at DATETIME,
	send_deadline DATETIME,
	recover_after DATETIME,
	message_id BIGINT,
	problem TEXT,
	created_at DATETIME NOT NULL,
	done_at DATETIME,
	post_id INTEGER,
	CONSTRAINT fk_job_story_id FOREIGN KEY(story_id) REFERENCES story (id),
	CONSTRAINT uq_job_token UNIQUE (token),
	CONSTRAINT fk_job_post_id FOREIGN KEY(post_id) REFERENCES post (id)
);
INSERT INTO "job" VALUES(1,1,'open','done','channel:1300000000000002000','tokenofsecond001','{}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',5001,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',NULL);
INSERT INTO "job" VALUES(2,2,'open','pending','channel:1300000000000002000','tokenofsecond002','{}',0,0,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,NULL);
INSERT INTO "job" VALUES(3,1,'quote','done','talk:1','tokenofsecond003','{}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',40,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',4);
INSERT INTO "job" VALUES(4,1,'replace','pending','replace:1','tokenofsecond004','{"message":"30"}',0,0,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,4);
INSERT INTO "job" VALUES(5,1,'quote','pending','talk:1','tokenofsecond005','{}',0,0,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,5);
INSERT INTO "job" VALUES(6,1,'revise','pending','story:1','tokenofsecond006','{}',0,0,'2026-11-24 12:00:05.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,NULL);
INSERT INTO "job" VALUES(7,1,'log','pending','log','tokenofsecond007','{"text":"look"}',0,0,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,NULL);
CREATE TABLE own_thread (
	thread_id BIGINT NOT NULL,
	guild_id BIGINT,
	parent_id BIGINT,
	token VARCHAR(32),
	created_at DATETIME,
	deleted_at DATETIME,
	deleted_by BIGINT,
	CONSTRAINT pk_own_thread PRIMARY KEY (thread_id)
);
INSERT INTO "own_thread" VALUES(5001,NULL,1300000000000002000,'tokenofsecond001','2026-11-24 12:00:00.000000',NULL,NULL);
CREATE TABLE poll (
	url TEXT NOT NULL,
	etag TEXT,
	last_modified TEXT,
	body_hash VARCHAR(64),
	next_at DATETIME,
	polled_at DATETIME,
	succeeded_at DATETIME,
	failures INTEGER NOT NULL,
	failure_kind VARCHAR(32),
	failure_sentence TEXT,
	failure_retry_after FLOAT,
	CONSTRAINT pk_poll PRIMARY KEY (url)
);
INSERT INTO "poll" VALUES('https://news.example/world.rss','W/"1"','Tue',NULL,NULL,NULL,NULL,0,NULL,NULL,NULL);
CREATE TABLE post (
	id INTEGER NOT NULL,
	story_id INTEGER,
	thread_id BIGINT,
	message_id BIGINT,
	author_id BIGINT,
	made VARCHAR(16) NOT NULL,
	webhook_id BIGINT,
	words TEXT,
	native_id BIGINT,
	origin BIGINT,
	contribution JSON,
	created_at DATETIME NOT NULL,
	edited_at DATETIME,
	deleted_at DATETIME,
	recommended_at DATETIME,
	recommended_by BIGINT,
	CONSTRAINT pk_post PRIMARY KEY (id),
	CONSTRAINT fk_post_story_id FOREIGN KEY(story_id) REFERENCES story (id),
	CONSTRAINT uq_post_message_id UNIQUE (message_id),
	CONSTRAINT uq_post_origin UNIQUE (origin)
);
INSERT INTO "post" VALUES(1,1,5001,10,302,'native',NULL,NULL,NULL,NULL,NULL,'2026-11-24 11:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "post" VALUES(2,1,5001,11,303,'native',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "post" VALUES(4,1,5001,40,301,'webhook',77,'answer',30,30,'{"name":"Alice","avatar":"https://cdn.discordapp.com/embed/avatars/0.png","mode":"repost","at":"2026-11-24T11:59:58+00:00"}','2026-11-24 12:00:00.000000',NULL,NULL,'2026-11-24 12:00:00.000000',303);
INSERT INTO "post" VALUES(5,1,5001,NULL,301,'webhook',NULL,'typed',NULL,901,'{"name":"Alice","avatar":"https://cdn.discordapp.com/embed/avatars/0.png","mode":"repost","at":"2026-11-24T11:59:58+00:00"}','2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL);
CREATE TABLE preference (
	member_id BIGINT NOT NULL,
	quotes VARCHAR(16) NOT NULL,
	CONSTRAINT pk_preference PRIMARY KEY (member_id)
);
INSERT INTO "preference" VALUES(302,'off');
CREATE TABLE quote (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	post_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	source_id BIGINT NOT NULL,
	thread_id BIGINT NOT NULL,
	author_id BIGINT NOT NULL,
	name TEXT NOT NULL,
	at DATETIME NOT NULL,
	text TEXT NOT NULL,
	picked BOOLEAN NOT NULL,
	lost_at DATETIME,
	CONSTRAINT fk_quote_post_id FOREIGN KEY(post_id) REFERENCES post (id)
);
INSERT INTO "quote" VALUES(1,4,0,10,5001,302,'Bob','2026-11-24 11:00:00.000000','said',0,NULL);
INSERT INTO "quote" VALUES(2,5,0,11,5001,302,'Bob','2026-11-24 11:00:00.000000','said',0,NULL);
CREATE TABLE reaction (
	message_id BIGINT NOT NULL,
	member_id BIGINT NOT NULL,
	emoji VARCHAR(64) NOT NULL,
	kind INTEGER NOT NULL,
	story_id INTEGER NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_reaction PRIMARY KEY (message_id, member_id, emoji, kind),
	CONSTRAINT fk_reaction_story_id FOREIGN KEY(story_id) REFERENCES story (id)
);
INSERT INTO "reaction" VALUES(40,302,'👍',0,1,'2026-11-24 12:00:00.000000');
CREATE TABLE revision (
	id INTEGER NOT NULL,
	article_id INTEGER NOT NULL,
	title TEXT NOT NULL,
	seen_at DATETIME NOT NULL,
	CONSTRAINT pk_revision PRIMARY KEY (id),
	CONSTRAINT fk_revision_article_id FOREIGN KEY(article_id) REFERENCES article (id)
);
CREATE TABLE said_once (
	"key" VARCHAR(128) NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_said_once PRIMARY KEY ("key")
);
INSERT INTO "said_once" VALUES('k','2026-11-24 12:00:00.000000');
CREATE TABLE story (
	id INTEGER NOT NULL,
	article_id INTEGER NOT NULL,
	feed_id VARCHAR(64) NOT NULL,
	channel_id BIGINT NOT NULL,
	token VARCHAR(32) NOT NULL,
	thread_id BIGINT,
	message_id BIGINT,
	draft_digest VARCHAR(64),
	first_seen DATETIME NOT NULL,
	removed_at DATETIME,
	CONSTRAINT pk_story PRIMARY KEY (id),
	CONSTRAINT fk_story_article_id FOREIGN KEY(article_id) REFERENCES article (id),
	CONSTRAINT fk_story_feed_id FOREIGN KEY(feed_id) REFERENCES feed (id),
	CONSTRAINT uq_story_token UNIQUE (token),
	CONSTRAINT uq_story_thread_id UNIQUE (thread_id),
	CONSTRAINT uq_story_article_id_channel_id UNIQUE (article_id, channel_id)
);
INSERT INTO "story" VALUES(1,1,'world',1300000000000002000,'tokenofsecond001',5001,5001,'digest-1','2026-11-24 12:00:00.000000',NULL);
INSERT INTO "story" VALUES(2,2,'world',1300000000000002000,'tokenofsecond002',NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL);
CREATE INDEX ix_article_feed_id_link ON article (feed_id, link);
CREATE INDEX ix_revision_article_id ON revision (article_id);
CREATE INDEX ix_story_feed_id_thread_id ON story (feed_id, thread_id);
CREATE INDEX ix_story_channel_id ON story (channel_id);
CREATE INDEX ix_own_thread_token ON own_thread (token);
CREATE INDEX ix_own_thread_parent_id_deleted_at ON own_thread (parent_id, deleted_at);
CREATE INDEX ix_post_author_id ON post (author_id);
CREATE INDEX ix_post_native_id ON post (native_id);
CREATE INDEX ix_post_created_at ON post (created_at);
CREATE INDEX ix_post_story_id_created_at ON post (story_id, created_at);
CREATE INDEX ix_quote_post_id ON quote (post_id);
CREATE INDEX ix_quote_source_id ON quote (source_id);
CREATE INDEX ix_basket_source_id ON basket (source_id);
CREATE INDEX ix_reaction_member_id ON reaction (member_id);
CREATE INDEX ix_reaction_story_id ON reaction (story_id);
CREATE INDEX ix_reaction_at ON reaction (at);
CREATE INDEX ix_story_message_id ON story (message_id);
CREATE INDEX ix_job_story_id ON job (story_id);
CREATE INDEX ix_job_state_lane ON job (state, lane);
CREATE INDEX ix_job_post_id ON job (post_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('job',7);
INSERT INTO "sqlite_sequence" VALUES('quote',2);
COMMIT;
