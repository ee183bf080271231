-- A store as the first revision wrote it. Never changed: later programs must open it.
PRAGMA application_id = 1316443240;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
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
INSERT INTO "article" VALUES(1,'world','guid:1','1','n.example/1','d','f','News','{"url":"https://n.example/1","author":null,"published":"2026-11-01T08:30:00+00:00","updated":null,"summary":"S","body":"Body","image":null,"categories":["World"],"enclosures":[{"url":"https://n.example/a.mp3","type":"audio/mpeg","length":5}],"source":"N"}','2026-11-24 12:00:00.000000');
INSERT INTO "article" VALUES(2,'world','guid:2','2','n.example/2','d','f','Old news','{"url":"https://n.example/1","author":null,"published":"2026-11-01T08:30:00+00:00","updated":null,"summary":"S","body":"Body","image":null,"categories":["World"],"enclosures":[{"url":"https://n.example/a.mp3","type":"audio/mpeg","length":5}],"source":"N"}','2026-11-24 12:00:00.000000');
CREATE TABLE feed (
	id VARCHAR(64) NOT NULL,
	title TEXT NOT NULL,
	initialised_at DATETIME NOT NULL,
	warnings JSON NOT NULL,
	CONSTRAINT pk_feed PRIMARY KEY (id)
);
INSERT INTO "feed" VALUES('world','The Test Courier','2026-11-24 12:00:00.000000','[]');
CREATE TABLE job (
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
	CONSTRAINT fk_job_story_id FOREIGN KEY(story_id) REFERENCES story (id),
	CONSTRAINT uq_job_token UNIQUE (token)
);
INSERT INTO "job" VALUES(1,1,'open','done','channel:1300000000000002000','tokenofthefirst0','{}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',5001,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000');
INSERT INTO "job" VALUES(2,2,'open','pending','channel:1300000000000002000','tokenofthefirst1','{}',0,0,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL);
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
INSERT INTO "own_thread" VALUES(5001,1300000000000001000,1300000000000002000,'tokenofthefirst0','2026-11-24 12:00:00.000000',NULL,NULL);
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
INSERT INTO "poll" VALUES('https://n.example/','"e"',NULL,'ab','2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',0,NULL,NULL,NULL);
CREATE TABLE revision (
	id INTEGER NOT NULL,
	article_id INTEGER NOT NULL,
	title TEXT NOT NULL,
	seen_at DATETIME NOT NULL,
	CONSTRAINT pk_revision PRIMARY KEY (id),
	CONSTRAINT fk_revision_article_id FOREIGN KEY(article_id) REFERENCES article (id)
);
INSERT INTO "revision" VALUES(1,1,'Older headline','2026-11-24 12:00:00.000000');
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
INSERT INTO "story" VALUES(1,1,'world',1300000000000002000,'tokenofthefirst0',5001,5001,'dd','2026-11-24 12:00:00.000000',NULL);
INSERT INTO "story" VALUES(2,2,'world',1300000000000002000,'tokenofthefirst1',NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL);
CREATE INDEX ix_article_feed_id_link ON article (feed_id, link);
CREATE INDEX ix_revision_article_id ON revision (article_id);
CREATE INDEX ix_story_feed_id_thread_id ON story (feed_id, thread_id);
CREATE INDEX ix_story_channel_id ON story (channel_id);
CREATE INDEX ix_job_story_id ON job (story_id);
CREATE INDEX ix_job_state_lane ON job (state, lane);
CREATE INDEX ix_own_thread_token ON own_thread (token);
CREATE INDEX ix_own_thread_parent_id_deleted_at ON own_thread (parent_id, deleted_at);
COMMIT;
