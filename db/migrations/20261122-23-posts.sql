-- Posts that bodies are made of and that open no door of their own: deputies, archivists, members named by post.
ALTER TABLE posts DROP CONSTRAINT posts_role_check;
ALTER TABLE posts ADD CONSTRAINT posts_role_check CHECK (
  role IN (
    'groupLeader', 'deputyLeader', 'academicOffice', 'researchOffice', 'vicePrincipal', 'principal',
    'archivist', 'administrator', 'districtOfficer'
  )
);
